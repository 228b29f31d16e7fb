# Rscript mediation.R [folder of the shared data]  ->  ../mediation.json
# Mediation and moderation: lm with the algebra written out, lavaan for effects, boot for intervals, sandwich and survey.
source("reference_file.R")
source("ecsi_constructs.R")
suppressPackageStartupMessages({
  library(lavaan)
  library(boot)
  library(sandwich)
  library(survey)
  library(psych)
})

# direct, total and indirect effects of a model `outcome = predictors` by lm; errors by the delta method over numerical
# derivatives of the effects
effects_by_lm <- function(frame, model) {
  names_all <- names(frame)
  fits <- lapply(names(model), function(y) lm(reformulate(model[[y]], y), frame))
  b <- unlist(lapply(fits, function(f) coef(f)[-1]))
  spread <- as.matrix(Matrix::bdiag(lapply(fits, function(f) vcov(f)[-1, -1, drop = FALSE])))
  cells <- do.call(rbind, lapply(names(model), function(y) cbind(match(y, names_all), match(model[[y]], names_all))))
  fill <- function(values) {
    m <- matrix(0, length(names_all), length(names_all))
    m[cells] <- values
    m
  }
  total <- function(values) solve(diag(length(names_all)) - fill(values)) - diag(length(names_all))
  error <- function(f) {
    step <- 1e-6
    slopes <- sapply(seq_along(b), function(j) {
      up <- down <- b
      up[j] <- up[j] + step
      down[j] <- down[j] - step
      (f(up) - f(down)) / (2 * step)
    })
    matrix(sqrt(pmax(0, rowSums((slopes %*% spread) * slopes))), length(names_all))
  }
  sd_all <- vapply(frame, sd, 0)
  list(
    n = nrow(frame), variables = names_all, model = lapply(model, I), covariance = rows(cov(frame)),
    direct = rows(fill(b)), total = rows(total(b)), indirect = rows(total(b) - fill(b)),
    std_total = rows(total(b) * outer(1 / sd_all, sd_all)),
    r2 = lapply(setNames(fits, names(model)), function(f) summary(f)$r.squared),
    direct_se = rows(error(fill)), total_se = rows(error(total)), indirect_se = rows(error(function(v) total(v) - fill(v)))
  )
}
sobel <- function(frame, x, m, y) {
  first <- summary(lm(reformulate(x, m), frame))$coefficients
  second <- summary(lm(reformulate(c(m, x), y), frame))$coefficients
  a <- first[x, 1:2]
  b <- second[m, 1:2]
  se <- sqrt(a[1]^2 * b[2]^2 + b[1]^2 * a[2]^2)
  list(a = a[[1]], b = b[[1]], ab = a[[1]] * b[[1]], se = se[[1]], z = (a[1] * b[1] / se)[[1]])
}
by_boot <- function(frame, x, m, y, times) {
  one <- function(data, rows) {
    d <- data[rows, ]
    coef(lm(reformulate(x, m), d))[[x]] * coef(lm(reformulate(c(m, x), y), d))[[m]]
  }
  set.seed(20261121)
  drawn <- boot(frame, one, times)
  l <- empinf(drawn, type = "jack")
  ci <- boot.ci(drawn, type = c("perc", "bca"), L = l)
  without <- vapply(seq_len(nrow(frame)), function(i) one(frame, -i), 0)
  gap <- mean(without) - without
  a <- sum(gap^3) / (6 * sum(gap^2)^1.5)
  bias <- qnorm(mean(drawn$t < drawn$t0))
  ends <- vapply(qnorm(c(0.025, 0.975)), function(z) pnorm(bias + (bias + z) / (1 - a * (bias + z))), 0)
  list(
    estimate = drawn$t0, replicates = numbers(drawn$t), acceleration = a, boot_percentile = numbers(ci$percent[4:5]),
    boot_bca = numbers(ci$bca[4:5]), bca_type7 = numbers(quantile(drawn$t, ends, type = 7)),
    percentile_type7 = numbers(quantile(drawn$t, c(0.025, 0.975), type = 7))
  )
}
moderated_mediation <- function(frame, stage) {
  x <- frame$image
  m <- frame$satisfaction
  y <- frame$loyalty
  w <- frame$value - mean(frame$value)
  product <- if (stage == "first") (x - mean(x)) * w else (m - mean(m)) * w
  at <- c(-sd(w), 0, sd(w))
  if (stage == "first") {
    one <- coef(lm(m ~ I(x - mean(x)) + w + product + frame$complaints))
    two <- coef(lm(y ~ m + x + frame$complaints))
    index <- one[[4]] * two[[2]]
    conditional <- (one[[2]] + one[[4]] * at) * two[[2]]
    direct <- two[[3]]
  } else {
    one <- coef(lm(m ~ x + frame$complaints))
    two <- coef(lm(y ~ I(m - mean(m)) + x + w + product + frame$complaints))
    index <- one[[2]] * two[[5]]
    conditional <- one[[2]] * (two[[2]] + two[[5]] * at)
    direct <- two[[3]]
  }
  columns <- cbind(x, m, y, w, product, frame$complaints)
  list(
    covariance = rows(cov(columns)), at = numbers(at), index = index, conditional = numbers(conditional), direct = direct
  )
}
moderation <- function(frame, y, x, w, controls, design = NULL) {
  mean_of <- function(v) if (is.null(design)) mean(v) else weighted.mean(v, weights(design))
  frame$x <- frame[[x]] - mean_of(frame[[x]])
  frame$w <- frame[[w]] - mean_of(frame[[w]])
  formula <- reformulate(c("x", "w", "x:w", controls), y)
  if (is.null(design)) {
    fit <- lm(formula, frame)
    v <- vcovHC(fit, "HC3")
    sd_w <- sd(frame$w)
    df <- df.residual(fit)
  } else {
    design <- update(design, x = frame$x, w = frame$w)
    fit <- svyglm(formula, design)
    v <- vcov(fit)
    sd_w <- sqrt(svyvar(~w, design)[1])
    df <- df.residual(fit)
  }
  b <- coef(fit)
  at <- c(-sd_w, 0, sd_w)
  slope <- b[["x"]] + b[["x:w"]] * at
  se <- sqrt(v["x", "x"] + 2 * at * v["x", "x:w"] + at^2 * v["x:w", "x:w"])
  gap <- function(z) {
    abs(b[["x"]] + b[["x:w"]] * z) /
      sqrt(v["x", "x"] + 2 * z * v["x", "x:w"] + z^2 * v["x:w", "x:w"]) - qt(0.975, df)
  }
  grid <- seq(-40 * sd_w, 40 * sd_w, length.out = 4001)
  change <- which(diff(sign(gap(grid))) != 0)
  roots <- vapply(change, function(i) uniroot(gap, grid[i + 0:1], tol = 1e-12)$root, 0)
  order <- c("(Intercept)", "x", "w", "x:w", controls)
  center <- mean_of(frame[[w]])
  list(
    b = numbers(b[order]), std_error = numbers(sqrt(diag(v))[order]), df = df, at = numbers(at + center),
    slope = numbers(slope), slope_se = numbers(se), slope_p = numbers(2 * pt(-abs(slope / se), df)),
    conf_low = numbers(slope - qt(0.975, df) * se), conf_high = numbers(slope + qt(0.975, df) * se),
    region = numbers(roots + center), t = (b[["x:w"]] / sqrt(v["x:w", "x:w"]))[[1]],
    r2_change = if (is.null(design)) summary(fit)$r.squared - summary(lm(reformulate(c("x", "w", controls), y), frame))$r.squared
  )
}

scores <- ecsi_scores(read_ecsi(commandArgs(TRUE)))
ecsi_model <- list(
  expectations = "image", quality = "expectations", value = c("expectations", "quality"),
  satisfaction = c("image", "expectations", "quality", "value"), complaints = "satisfaction",
  loyalty = c("image", "satisfaction", "complaints")
)
observed <- sem(paste(vapply(names(ecsi_model), function(y) paste(y, "~", paste(ecsi_model[[y]], collapse = "+")), ""),
  collapse = "\n"
), scores, fixed.x = TRUE)
by_lavaan <- coef(observed)
agree <- function() { # lavaan's coefficients of the same model, an independent program
  table <- parameterEstimates(observed)
  table <- table[table$op == "~", ]
  list(outcome = table$lhs, predictor = table$rhs, estimate = numbers(table$est))
}
simple <- c("image", "satisfaction", "loyalty")
prestige <- carData::Prestige
prestige$income <- prestige$income / 1000
people <- na.omit(data.frame(
  agreeable = rowMeans(bfi[c("A2", "A3", "A4", "A5")]), extraverted = rowMeans(bfi[c("E3", "E4", "E5")]),
  neurotic = rowMeans(bfi[paste0("N", 1:5)]), age = bfi$age, education = bfi$education
))[1:600, ]
people$cluster <- (seq_len(600) * 7) %% 83
people$stratum <- people$cluster %% 4
people$weight <- 0.5 + (seq_len(600) %% 5) / 2
design <- svydesign(~cluster, strata = ~stratum, weights = ~weight, data = people)

values <- list(
  ecsi = c(effects_by_lm(scores, ecsi_model), list(lavaan = agree())),
  simple = c(effects_by_lm(scores[simple], list(satisfaction = "image", loyalty = c("image", "satisfaction"))), list(
    sobel = sobel(scores, "image", "satisfaction", "loyalty")
  )),
  attitude = c(sobel(attitude, "complaints", "learning", "rating"), by_boot(attitude, "complaints", "learning", "rating", 399)),
  first = moderated_mediation(scores, "first"),
  second = moderated_mediation(scores, "second"),
  prestige = moderation(prestige, "prestige", "education", "income", "women"),
  bfi_design = moderation(people, "agreeable", "extraverted", "neurotic", "age", design)
)
write_reference(
  "../mediation.json", c("lavaan", "boot", "sandwich", "survey"),
  call = "lm(), sem(); boot(), boot.ci(); vcovHC(type = 'HC3'); svyglm(); delta method and Johnson-Neyman written out",
  script = "tests/reference/scripts/mediation.R",
  data = paste(
    "ECSI mobile construct scores (moments only); datasets::attitude; carData::Prestige (income in thousands); 600",
    "complete rows of psych::bfi with made-up weights, strata and clusters"
  ),
  citation = "Sobel (1982); Efron (1987); Hayes (2015); Johnson and Neyman (1936); Binder (1983)",
  rtol = 1e-9, why = "closed forms, solved from moments here and by QR there; delta errors there by numerical derivatives",
  values = values
)
