# Rscript reliability.R [folder of the shared data]  ->  ../reliability.json
# Alpha family and one-factor omega of R psych, for the ECSI constructs and the attitude data of base R.
source("reference_file.R")
source("ecsi_constructs.R")
suppressPackageStartupMessages(library(psych))

# the same criterion driven to its minimum by optim, uniquenesses at least 0.005 as in psych
tight_minres <- function(corr, start) {
  off <- function(x) x[row(x) != col(x)]
  loss <- function(l) sum(off(corr - outer(l, l))^2)
  slope <- function(l) {
    residual <- corr - outer(l, l)
    diag(residual) <- 0
    as.numeric(-4 * residual %*% l)
  }
  limit <- sqrt(1 - 0.005)
  for (round in 1:20) {
    start <- optim(pmin(start, limit), loss, slope, method = "L-BFGS-B", lower = -limit, upper = limit,
      control = list(factr = 1, pgtol = 0, maxit = 10000))$par
  }
  start
}

one_scale <- function(frame) {
  n_items <- ncol(frame)
  found <- alpha(frame, warnings = FALSE)
  values <- list(
    n = nrow(frame), items = names(frame), covariance = rows(cov(frame)),
    alpha = found$total$raw_alpha, alpha_std = found$total$std.alpha,
    item_rest_r = numbers(found$item.stats$r.drop)
  )
  feldt <- alpha.ci(found$total$raw_alpha, nrow(frame), n.var = n_items)
  values$feldt <- numbers(c(feldt$lower.ci, feldt$upper.ci))
  if (n_items > 2) {
    values$alpha_if_dropped <- numbers(found$alpha.drop$raw_alpha)
    fit <- suppressWarnings(fa(frame, nfactors = 1, fm = "minres"))
    values$loadings <- numbers(fit$loadings)
    values$loadings_tight <- numbers(tight_minres(cor(frame), numbers(fit$loadings)))
    total <- suppressMessages(suppressWarnings(omega(frame, nfactors = 1, fm = "minres", plot = FALSE)))
    values$omega_total <- total$omega.tot
    common <- sum(fit$loadings)^2
    values$omega_formula <- common / (common + sum(fit$uniquenesses))
  }
  values
}

answers <- read_ecsi(commandArgs(TRUE))
several <- constructs[lengths(constructs) > 1]
values <- list(
  ecsi = lapply(several, function(items) one_scale(answers[items])),
  attitude = one_scale(attitude)
)
write_reference(
  "../reliability.json", "psych",
  call = "alpha(x); alpha.ci(); fa(x, nfactors = 1, fm = 'minres'); omega(x, nfactors = 1, fm = 'minres')",
  script = "tests/reference/scripts/reliability.R",
  data = "ECSI mobile (250 x 24), covariances only; datasets::attitude (30 x 7)",
  citation = "Tenenhaus et al. (2005) CSDA 48:159-205; Chatterjee and Price (1977) Regression Analysis by Example",
  rtol = 1e-10,
  why = paste(
    "closed forms; loadings_tight to 1e-6 (optim to its end); psych's loadings and omega to 2e-5, because psych stops its",
    "optimiser there, and for loyalty (held at the bound) to 5e-4"
  ),
  values = values
)
