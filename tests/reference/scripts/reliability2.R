# Rscript reliability2.R [folder of the shared data]  ->  ../reliability2.json
# Missing answers by EM (lavaan), greatest lower bound and omega of all items (psych), intraclass correlations (psych).
source("reference_file.R")
source("ecsi_constructs.R")
suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
  library(GPArotation)
  library(Rcsdp)
})

quiet <- function(expression) suppressMessages(suppressWarnings(expression))
keys <- c(-1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, 1, 1, -1)
personality <- psych::bfi[, 1:25]
personality[, keys < 0] <- 7 - personality[, keys < 0]
blocks <- split(names(personality), substr(names(personality), 1, 1))
ecsi <- read_ecsi(commandArgs(TRUE))

# saturated model by full information maximum likelihood, its EM run to the end
one_em <- function(items) {
  frame <- personality[items]
  model <- paste(c(outer(items, items, function(a, b) paste(a, "~~", b))[lower.tri(diag(length(items)), TRUE)],
    paste(items, "~ 1")), collapse = "\n")
  fit <- quiet(lavaan(model, frame, missing = "ml", em.h1.iter.max = 10000L, em.h1.tol = 1e-14))
  found <- lavInspect(fit, "sampstat")
  covariance <- unclass(found$cov)[items, items]
  list(
    items = items, n = nrow(frame[rowSums(!is.na(frame)) > 0, ]), mean = numbers(found$mean[items]),
    covariance = rows(covariance), alpha = quiet(alpha(covariance))$total$raw_alpha
  )
}

bound <- function(covariance) {
  found <- quiet(glb.algebraic(covariance))
  list(covariance = rows(covariance), glb = numbers(found$glb), error_variance = numbers(diag(covariance) - found$solution))
}

one_icc <- function(scores) {
  found <- quiet(ICC(scores, lmer = FALSE))$results
  list(
    scores = rows(scores), type = as.character(found$type), icc = numbers(found$ICC),
    low = numbers(found[["lower bound"]]), high = numbers(found[["upper bound"]])
  )
}

all_items <- function(frame, nfactors) {
  corr <- cor(frame)
  found <- quiet(omega(corr, nfactors, fm = "minres", plot = FALSE, flip = FALSE))
  list(
    correlation = rows(corr), n = nrow(frame), n_factors = nfactors, omega_h = found$omega_h, omega_t = found$omega.tot,
    alpha_std = quiet(alpha(frame))$total$std.alpha
  )
}

shrout <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7), ncol = 4, byrow = TRUE)
set.seed(1)
true <- rnorm(40)
panel <- round(cbind(60 + 15 * true + 8 * rnorm(40), 63 + 15 * true + 8 * rnorm(40)), 2)
complete <- na.omit(personality)
several <- constructs[lengths(constructs) > 2]
values <- list(
  em = lapply(blocks, one_em),
  glb = c(
    lapply(blocks, function(items) bound(cov(complete[items]))),
    lapply(several, function(items) bound(cov(ecsi[items])))
  ),
  icc = list(shrout_fleiss = one_icc(shrout), panel = one_icc(panel)),
  all_items = list(bfi = all_items(complete, 5), ecsi = all_items(ecsi[unlist(several)], length(several)))
)
write_reference(
  "../reliability2.json", c("psych", "lavaan", "Rcsdp", "GPArotation"),
  call = paste(
    "lavaan(saturated, missing = 'ml', em.h1.tol = 1e-14); glb.algebraic(cov); ICC(x, lmer = FALSE);",
    "omega(cor, nfactors, fm = 'minres', flip = FALSE)"
  ),
  script = "tests/reference/scripts/reliability2.R",
  data = paste(
    "psych::bfi (2800 x 25, reverse-keyed items as 7 - x); ECSI mobile (250 x 24), covariances only;",
    "table 2 of Shrout and Fleiss; a simulated panel of 40"
  ),
  citation = paste(
    "Shrout and Fleiss (1979) Psychological Bulletin 86:420-428; McGraw and Wong (1996) Psychological Methods 1:30-46;",
    "Tenenhaus et al. (2005) CSDA 48:159-205"
  ),
  rtol = 1e-6,
  why = paste(
    "EM of lavaan to 1e-6; CSDP stops at about 1e-8 of its objective, and its error variances at 1e-4; ICC closed forms to",
    "1e-9; omega to 1e-4, because psych's extraction and rotation stop at about 1e-5"
  ),
  values = values
)
