# Rscript ordinal.R  ->  ../ordinal.json
# Ordinal, binary and multinomial regression: MASS, ordinal, VGAM, nnet, brglm2, survey, sandwich; Brant's test and
# average marginal effects written out.
source("reference_file.R")
suppressPackageStartupMessages({
  library(MASS)
  library(survey)
  library(sandwich)
  library(numDeriv)
  library(nnet)
  library(brglm2)
})
errors <- function(v) numbers(sqrt(diag(v)))

# --- housing: polr, clm, partial proportional odds, multinom -------------------------------------------------------
long <- housing[rep(seq_len(nrow(housing)), housing$Freq), ]
formula <- Sat ~ Infl + Type + Cont
full <- function(link) {
  method <- if (link == "logit") "logistic" else "probit"
  book <- polr(formula, data = housing, weights = Freq, method = method, control = list(reltol = 1e-15, maxit = 1000))
  close <- ordinal::clm(formula, data = housing, weights = Freq, link = link, control = list(gradTol = 1e-12))
  null <- ordinal::clm(Sat ~ 1, data = housing, weights = Freq, link = link, control = list(gradTol = 1e-12))
  order <- c(3:8, 1:2) # clm has the thresholds first
  eta <- drop(model.matrix(formula, long)[, -1] %*% coef(close)[3:8])
  n <- nrow(long)
  spread <- mean((eta - mean(eta))^2)
  gain <- 2 * as.numeric(logLik(close) - logLik(null))
  list(
    polr = numbers(c(coef(book), book$zeta)), coefficients = numbers(coef(close)[3:8]),
    thresholds = numbers(coef(close)[1:2]), std_error = errors(vcov(close)[order, order]), loglik = as.numeric(logLik(close)),
    loglik_null = as.numeric(logLik(null)), likelihood_ratio = gain, p = pchisq(gain, 6, lower.tail = FALSE),
    mcfadden = 1 - as.numeric(logLik(close) / logLik(null)),
    nagelkerke = (1 - exp(-gain / n)) / (1 - exp(2 * as.numeric(logLik(null)) / n)),
    mckelvey_zavoina = spread / (spread + if (link == "logit") pi^2 / 3 else 1)
  )
}
partial <- function(free) {
  suppressWarnings(fit <- VGAM::vglm(
    formula, VGAM::cumulative(parallel = free, reverse = TRUE), data = long, epsilon = 1e-14, maxit = 100
  ))
  # VGAM has the expected information; the observed one by numerical differentiation
  design <- VGAM::model.matrix(fit, type = "vlm")
  place <- cbind(seq_len(nrow(long)), as.integer(long$Sat))
  loglik <- function(parameters) {
    above <- cbind(1, matrix(plogis(drop(design %*% parameters)), ncol = 2, byrow = TRUE), 0)
    sum(log(above[place] - above[cbind(place[, 1], place[, 2] + 1)]))
  }
  found <- VGAM::coef(fit)
  stopifnot(abs(loglik(found) - VGAM::logLik(fit)) < 1e-8)
  list(coefficients = numbers(found), std_error = errors(solve(-hessian(loglik, found))), loglik = loglik(found))
}
polr_long <- polr(formula, data = long, Hess = TRUE, control = list(reltol = 1e-15, maxit = 1000))
block <- rep(1:41, each = 41)[seq_len(nrow(long))]
multi <- multinom(formula, data = housing, weights = Freq, trace = FALSE, reltol = 1e-15, abstol = 1e-12, maxit = 1000)

# Brant (1990): binary logits at every boundary and their joint covariance
brant <- function(formula, data) {
  y <- as.integer(model.response(model.frame(formula, data)))
  x <- model.matrix(formula, data)
  cuts <- max(y) - 1
  fits <- lapply(seq_len(cuts), function(j) glm.fit(x, as.numeric(y > j), family = binomial(), control = list(epsilon = 1e-14, maxit = 100)))
  p <- sapply(fits, fitted)
  k <- ncol(x)
  v <- matrix(0, cuts * k, cuts * k)
  inverse <- lapply(seq_len(cuts), function(j) solve(crossprod(x, x * (p[, j] * (1 - p[, j])))))
  for (j in seq_len(cuts)) for (l in seq_len(cuts)) {
    w <- p[, max(j, l)] - p[, j] * p[, l]
    v[(j - 1) * k + 1:k, (l - 1) * k + 1:k] <- inverse[[j]] %*% crossprod(x, x * w) %*% inverse[[l]]
  }
  b <- unlist(lapply(fits, function(f) f$coefficients))
  wald <- function(columns) {
    d <- NULL
    for (j in 2:cuts) for (m in columns) {
      row <- rep(0, cuts * k)
      row[m] <- 1
      row[(j - 1) * k + m] <- -1
      d <- rbind(d, row)
    }
    drop(t(d %*% b) %*% solve(d %*% v %*% t(d)) %*% (d %*% b))
  }
  each <- sapply(2:k, wald)
  all <- wald(2:k)
  list(
    statistic = all, df = (k - 1) * (cuts - 1), p = pchisq(all, (k - 1) * (cuts - 1), lower.tail = FALSE),
    by_predictor = numbers(each), p_by_predictor = numbers(pchisq(each, cuts - 1, lower.tail = FALSE)),
    coefficients = rows(sapply(fits, function(f) f$coefficients[-1])), std_error = rows(matrix(sqrt(diag(v)), k)[-1, ])
  )
}

# average marginal effects, delta method by numDeriv
effects_of <- function(values, link) {
  x <- model.matrix(formula, long)[, -1]
  close <- ordinal::clm(formula, data = housing, weights = Freq, link = link, control = list(gradTol = 1e-12))
  g <- if (link == "logit") plogis else pnorm
  expected <- function(parameters, x) {
    eta <- drop(x %*% parameters[3:8])
    below <- cbind(g(parameters[1] - eta), g(parameters[2] - eta), 1)
    drop(cbind(below[, 1], below[, 2] - below[, 1], 1 - below[, 2]) %*% values)
  }
  height <- if (link == "logit") dlogis else dnorm
  slope <- function(parameters) {
    eta <- drop(x %*% parameters[3:8])
    mean((values[2] - values[1]) * height(parameters[1] - eta) + (values[3] - values[2]) * height(parameters[2] - eta)) * parameters[3:8]
  }
  groups <- list(1:2, 1:2, 3:5, 3:5, 3:5, 6)
  change <- function(parameters) {
    sapply(1:6, function(j) {
      base <- x
      base[, groups[[j]]] <- 0
      moved <- base
      moved[, j] <- 1
      mean(expected(parameters, moved) - expected(parameters, base))
    })
  }
  both <- function(f) {
    jacobian <- jacobian(f, coef(close))
    list(effect = numbers(f(coef(close))), std_error = errors(jacobian %*% vcov(close) %*% t(jacobian)))
  }
  list(slope = both(slope), change = both(change))
}

# log-likelihoods of all subsets of the three drivers, the first as the highest bit
subsets <- list("1", "Cont", "Type", "Type + Cont", "Infl", "Infl + Cont", "Infl + Type", "Infl + Type + Cont")
loglik <- sapply(subsets, function(s) {
  as.numeric(logLik(ordinal::clm(as.formula(paste("Sat ~", s)), data = housing, weights = Freq, control = list(gradTol = 1e-12))))
})

# --- wine: five categories, one nominal effect ----------------------------------------------------------------------
wine <- ordinal::wine
nominal <- ordinal::clm(rating ~ temp, nominal = ~contact, data = wine, control = list(gradTol = 1e-12))
parallel <- ordinal::clm(rating ~ temp + contact, data = wine, control = list(gradTol = 1e-12))
judged <- polr(rating ~ temp + contact, data = wine, Hess = TRUE, control = list(reltol = 1e-15, maxit = 1000))

# --- birthwt: logistic, Firth ---------------------------------------------------------------------------------------
birth <- low ~ age + lwt + smoke + ht + ui
logistic <- glm(birth, binomial, birthwt, control = list(epsilon = 1e-14, maxit = 100))
firth <- function(data) {
  fit <- glm(birth, binomial, data, method = "brglmFit", type = "AS_mean", epsilon = 1e-12, maxit = 10000)
  list(coefficients = numbers(coef(fit)), std_error = errors(vcov(fit)))
}
separated <- birthwt
separated$low[separated$ht == 1] <- 1
# effects on the probability, as above
probability <- function(parameters) {
  x <- model.matrix(birth, birthwt)
  c(
    sapply(2:3, function(j) mean(dlogis(drop(x %*% parameters)) * parameters[j])),
    sapply(4:6, function(j) {
      one <- zero <- x
      one[, j] <- 1
      zero[, j] <- 0
      mean(plogis(drop(one %*% parameters)) - plogis(drop(zero %*% parameters)))
    })
  )
}
by_parameter <- jacobian(probability, coef(logistic))

# --- the Californian schools: designs -------------------------------------------------------------------------------
data(api)
rated <- function(data) transform(data, level = cut(api00, c(0, 550, 650, 750, 1000), ordered_result = TRUE), high = as.numeric(api00 > 700))
apistrat <- rated(apistrat)
apiclus1 <- rated(apiclus1)
one_design <- function(design, data) {
  binary <- svyglm(high ~ meals + ell, design, family = quasibinomial(), control = list(epsilon = 1e-14, maxit = 100))
  # svyolr stops its optimiser early: the sandwich at the exact estimates, from the same functions of survey
  scaled <- weights(design) / mean(weights(design))
  exact <- ordinal::clm(level ~ meals + ell, data = data, weights = scaled, control = list(gradTol = 1e-12))
  loose <- svyolr(level ~ meals + ell, design)
  row_loglik <- function(parameters) {
    eta <- drop(as.matrix(data[c("meals", "ell")]) %*% parameters[4:5])
    below <- cbind(0, plogis(parameters[1] - eta), plogis(parameters[2] - eta), plogis(parameters[3] - eta), 1)
    place <- cbind(seq_along(eta), as.integer(data$level))
    log(below[cbind(place[, 1], place[, 2] + 1)] - below[place])
  }
  influence <- (jacobian(row_loglik, coef(exact)) * scaled) %*% vcov(exact)
  covariance <- svyrecvar(influence, design$cluster, design$strata, design$fpc)
  list(
    level = as.integer(data$level), high = data$high, meals = data$meals, ell = data$ell, pw = data$pw,
    stratum = as.integer(data$stype), cluster = as.integer(data$dnum),
    svyolr = numbers(c(coef(loose)[1:2], loose$zeta)), svyolr_std_error = errors(vcov(loose)),
    coefficients = numbers(coef(exact)[4:5]), thresholds = numbers(coef(exact)[1:3]),
    std_error = numbers(sqrt(diag(covariance))[c(4, 5, 1:3)]),
    logistic = numbers(coef(binary)), logistic_std_error = errors(vcov(binary))
  )
}

values <- list(
  housing = c(
    full("logit"),
    list(
      std_error_hc0 = errors(sandwich(polr_long)), std_error_cluster = errors(vcovCL(polr_long, cluster = block)),
      partial_cont = partial(FALSE ~ Cont), partial_all = partial(FALSE ~ Infl + Type + Cont), brant = brant(formula, long),
      rating = effects_of(1:3, "logit"), top = effects_of(c(0, 0, 1), "logit"), index = effects_of(c(0, 50, 100), "logit"),
      loglik_subsets = numbers(loglik),
      multinomial = list(coefficients = rows(coef(multi)), std_error = errors(vcov(multi)), loglik = as.numeric(logLik(multi)))
    )
  ),
  housing_probit = c(full("probit"), list(rating = effects_of(1:3, "probit"))),
  wine = list(
    rating = as.integer(wine$rating), temp = as.integer(wine$temp) - 1L, contact = as.integer(wine$contact) - 1L,
    judge = as.integer(wine$judge), parallel = numbers(coef(parallel)), parallel_loglik = as.numeric(logLik(parallel)),
    nominal = numbers(coef(nominal)), nominal_std_error = errors(vcov(nominal)), nominal_loglik = as.numeric(logLik(nominal)),
    std_error_judge = errors(vcovCL(judged, cluster = wine$judge))
  ),
  birthwt = list(
    coefficients = numbers(coef(logistic)), std_error = errors(vcov(logistic)),
    std_error_hc0 = errors(sandwich(logistic)), std_error_cluster = errors(vcovCL(logistic, cluster = birthwt$ftv)),
    loglik = as.numeric(logLik(logistic)), firth = firth(birthwt), firth_separated = firth(separated),
    effect = numbers(probability(coef(logistic))), effect_std_error = errors(by_parameter %*% vcov(logistic) %*% t(by_parameter))
  ),
  apistrat = one_design(svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat), apistrat),
  apiclus1 = one_design(svydesign(id = ~dnum, weights = ~pw, data = apiclus1), apiclus1)
)
write_reference(
  "../ordinal.json", c("MASS", "ordinal", "VGAM", "nnet", "brglm2", "survey", "sandwich", "numDeriv"),
  call = "polr, clm, vglm(cumulative), multinom, glm, brglmFit(type = 'AS_mean'), svyglm, svyolr, svyrecvar, vcovCL",
  script = "tests/reference/scripts/ordinal.R", data = "MASS::housing, MASS::birthwt, ordinal::wine, survey::api",
  citation = "Venables and Ripley (2002) MASS 7.3; Brant (1990) Biometrics 46:1171-1178; Christensen (2019) ordinal",
  rtol = 1e-6,
  why = "estimates of tightened optimisers; blocks of looser ones (polr, multinom, svyolr, numerical derivatives) are named in the tests",
  values = values
)
