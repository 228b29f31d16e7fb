# Rscript dif.R  ->  ../dif.json
# Differential item functioning of bfi by gender and education: MASS::polr and likelihood ratios, survey::svyolr and Wald.
source("reference_file.R")
suppressPackageStartupMessages({
  library(MASS)
  library(psych)
  library(survey)
})

kelley <- function(others, group, w) { # true score behind the other items, drawn towards the mean of the group
  score <- rowMeans(others)
  centre <- vapply(split(seq_along(score), group), function(i) weighted.mean(score[i], w[i]), 0)[as.character(group)]
  means <- sapply(others, function(x) vapply(split(seq_along(x), group), function(i) weighted.mean(x[i], w[i]), 0)[as.character(group)])
  within <- cov.wt(as.matrix(others) - means, wt = w / sum(w), center = FALSE)$cov
  k <- ncol(others)
  reliability <- k / (k - 1) * (1 - sum(diag(within)) / sum(within))
  list(score = unname(centre + reliability * (score - centre)), reliability = reliability)
}

likelihood_ratios <- function(item, matching, group) {
  y <- factor(item)
  g <- factor(group)
  z <- as.numeric(scale(matching))
  fit <- function(formula) polr(formula, Hess = TRUE, control = list(reltol = 1e-15, maxit = 2000))
  base <- fit(y ~ z)
  uniform <- fit(y ~ z + g)
  full <- fit(y ~ z + g + z:g)
  null <- fit(y ~ 1)
  l <- vapply(list(null, base, uniform, full), function(m) as.numeric(logLik(m)), 0)
  n <- length(y)
  r2 <- (1 - exp(2 * (l[1] - l) / n)) / (1 - exp(2 * l[1] / n))
  tests <- list(anova(base, full), anova(base, uniform), anova(uniform, full))
  q <- nlevels(g) - 1
  list(
    statistic = numbers(vapply(tests, function(t) t[2, "LR stat."], 0)),
    p_value = numbers(vapply(tests, function(t) t[2, "Pr(Chi)"], 0)),
    r2_change = numbers(c(r2[4] - r2[2], r2[3] - r2[2], r2[4] - r2[3])),
    group_effect = numbers(coef(uniform)[1 + seq_len(q)])
  )
}

wald <- function(item, matching, group, data, df) {
  data$y <- factor(item)
  data$g <- factor(group)
  data$z <- matching - weighted.mean(matching, data$w)
  design <- svydesign(id = ~psu, strata = ~layer, weights = ~w, data = data)
  q <- nlevels(data$g) - 1
  one <- function(formula, part) {
    size <- ncol(model.matrix(formula, data)) + nlevels(data$y) - 2
    tight <- list(reltol = 1e-15, maxit = 2000, ndeps = rep(1e-5, size))
    model <- svyolr(formula, design, control = tight)
    b <- coef(model)[part]
    as.numeric(b %*% solve(vcov(model)[part, part], b))
  }
  statistic <- c(
    one(y ~ z + g + z:g, 2:(1 + 2 * q)), one(y ~ z + g, 2:(1 + q)), one(y ~ z + g + z:g, (2 + q):(1 + 2 * q))
  )
  size <- c(2 * q, q, q)
  rest <- df - size + 1
  list(
    statistic = numbers(statistic),
    p_value = numbers(pf(statistic * rest / (df * size), size, rest, lower.tail = FALSE))
  )
}

keyed <- bfi
for (item in c("A1", "C4", "C5")) keyed[[item]] <- 7 - keyed[[item]]
one_scale <- function(items, by, rows) {
  data <- na.omit(keyed[c(items, by)])[seq_len(rows), ]
  group <- data[[by]]
  data$w <- 1 + (seq_len(rows) %% 4)
  data$psu <- (seq_len(rows) - 1) %/% 10
  data$layer <- (seq_len(rows) - 1) %/% (rows / 2)
  lapply(setNames(items, items), function(item) {
    others <- data[setdiff(items, item)]
    plain <- kelley(others, group, rep(1, rows))
    weighted <- kelley(others, group, data$w)
    list(
      reliability = plain$reliability, weighted_reliability = weighted$reliability,
      rest = likelihood_ratios(data[[item]], rowMeans(others), group),
      kelley = likelihood_ratios(data[[item]], plain$score, group),
      wald = wald(data[[item]], weighted$score, group, data, rows / 10 - 2)
    )
  })
}
values <- list(
  agree_gender = one_scale(paste0("A", 1:5), "gender", 1000),
  conscientious_education = one_scale(paste0("C", 1:5), "education", 800),
  holm = list(p = c(0.01, 0.04, 0.03, 0.2, 0.011), adjusted = numbers(p.adjust(c(0.01, 0.04, 0.03, 0.2, 0.011), "holm")))
)
write_reference(
  "../dif.json", c("MASS", "survey", "psych"),
  call = "polr(y ~ z + g + z:g), anova(); svyolr(), coef, vcov, Wald; Kelley's true score and Nagelkerke's R2 written out",
  script = "tests/reference/scripts/dif.R",
  data = "psych::bfi: A1 to A5 by gender (first 1,000 complete), C1 to C5 by education (first 800), A1, C4, C5 reversed",
  citation = "Swaminathan and Rogers (1990); Zumbo (1999); Kelley (1947); Jodoin and Gierl (2001)",
  rtol = 1e-5,
  why = "optimised: polr and svyolr stop their search there; statistics near 0 to 1e-5 absolutely",
  values = values
)
