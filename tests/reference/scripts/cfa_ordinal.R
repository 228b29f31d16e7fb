# Rscript cfa_ordinal.R  ->  ../cfa_ordinal.json
# Confirmatory factor analysis of ordered answers by lavaan: WLSMV and DWLS; weights, thin tables, a Heywood case.
source("reference_file.R")
suppressPackageStartupMessages({
  library(lavaan)
  library(psych)
})

model_of <- function(factors) {
  paste(vapply(names(factors), function(f) paste(f, "=~", paste(factors[[f]], collapse = " + ")), ""), collapse = "\n")
}
wanted <- c(
  "chisq", "df", "chisq.scaled", "chisq.scaling.factor", "pvalue.scaled", "baseline.chisq", "baseline.df",
  "baseline.chisq.scaled", "baseline.chisq.scaling.factor", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper",
  "cfi.scaled", "tli.scaled", "rmsea.scaled", "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled", "srmr", "npar"
)
square <- function(table, factors, value) {
  part <- table[table$op == "~~" & table$lhs %in% factors & table$rhs %in% factors, ]
  m <- matrix(0, length(factors), length(factors))
  at <- cbind(match(part$lhs, factors), match(part$rhs, factors))
  m[at] <- part[[value]]
  m[at[, 2:1, drop = FALSE]] <- part[[value]]
  m
}
# the different rows of answers and how often each occurs: facts enough to fit again
patterns <- function(data, weight) {
  key <- do.call(paste0, data)
  if (!is.null(weight)) key <- paste(key, weight)
  kept <- !duplicated(key)
  found <- list(codes = do.call(paste0, data)[kept], times = numbers(table(factor(key, levels = key[kept]))))
  if (!is.null(weight)) found$weight <- numbers(weight[kept])
  found
}
one <- function(data, factors, weight = NULL, answers = FALSE) {
  items <- unlist(factors, use.names = FALSE)
  data <- data[items]
  frame <- data
  if (!is.null(weight)) frame$weight <- weight
  fit_by <- function(estimator) {
    suppressWarnings(cfa(
      model_of(factors), frame, ordered = items, estimator = estimator,
      sampling.weights = if (is.null(weight)) NULL else "weight"
    ))
  }
  fit <- fit_by("WLSMV")
  std <- standardizedSolution(fit)
  raw <- parameterEstimates(fit)
  found <- as.list(unclass(fitMeasures(fit, wanted)))
  loadings <- std[std$op == "=~", ]
  loadings <- loadings[match(items, loadings$rhs), ]
  residuals <- std[std$op == "~~" & std$lhs == std$rhs, ]
  residuals <- residuals[match(items, residuals$lhs), ]
  limits <- raw[raw$op == "|", ]
  values <- list(
    n = nrow(data), items = items, factors = lapply(factors, I),
    measures = setNames(lapply(found, as.numeric), gsub(".", "_", wanted, fixed = TRUE)),
    shift = as.numeric(fit@test[[2]]$shift.parameter),
    loadings = numbers(loadings$est.std), loadings_se = numbers(loadings$se), uniqueness_se = numbers(residuals$se),
    factor_corr = rows(square(std, names(factors), "est.std")), factor_corr_se = rows(square(std, names(factors), "se")),
    thresholds = numbers(limits$est), thresholds_se = numbers(limits$se),
    residual_corr = rows(unclass(residuals(fit)$cov)[items, items]),
    dwls_chisq = as.numeric(fitMeasures(fit_by("DWLS"), "chisq"))
  )
  if (answers) values$answers <- patterns(data, weight)
  values
}

hs <- list(visual = paste0("x", 1:3), textual = paste0("x", 4:6), speed = paste0("x", 7:9))
cut_in <- function(k) {
  as.data.frame(lapply(HolzingerSwineford1939[unlist(hs)], function(x) {
    as.integer(cut(x, c(-Inf, quantile(x, seq_len(k - 1) / k), Inf), labels = FALSE))
  }))
}
four <- cut_in(4)
mixed <- cut_in(4)
mixed$x1 <- as.integer(mixed$x1 > 2) + 1L
mixed$x5 <- pmin(mixed$x5, 3L)
mixed$x9 <- as.integer(cut(HolzingerSwineford1939$x9, 6, labels = FALSE))
big_five <- list(
  A = paste0("A", 1:5), C = paste0("C", 1:5), E = paste0("E", 1:5), N = paste0("N", 1:5), O = paste0("O", 1:5)
)
complete <- na.omit(bfi[unlist(big_five)])
set.seed(7)
common <- rnorm(250)
own <- rnorm(250)
three <- function(x) as.integer(cut(x, c(-Inf, -0.8, 0.4, Inf), labels = FALSE))
# h1 goes with h2 and with h3, which hardly go with each other: its loading on one factor is beyond 1
heywood <- data.frame(
  h1 = three(0.68 * common + 0.68 * own + 0.25 * rnorm(250)), h2 = three(0.9 * common + 0.4 * rnorm(250)),
  h3 = three(0.9 * own + 0.3 * common + 0.4 * rnorm(250))
)
other <- as.data.frame(lapply(c(k1 = 0.6, k2 = 0.7, k3 = 0.5), function(l) three(l * (0.3 * common + own) + rnorm(250))))
improper <- cbind(heywood, other)

values <- list(
  hs4 = one(four, hs, answers = TRUE),
  hs_mixed = one(mixed, hs, answers = TRUE),
  hs_weighted = one(four, hs, weight = rep(c(1, 2, 0.5, 1.5, 0.25), length.out = 301), answers = TRUE),
  textual = one(four, list(textual = paste0("x", 4:7)), answers = TRUE),
  heywood = one(improper, list(h = names(heywood), k = names(other)), answers = TRUE),
  bfi = one(complete, big_five),
  bfi_weighted = one(complete, big_five, weight = rep(c(1, 2, 0.5, 1.5), length.out = nrow(complete)))
)
write_reference(
  "../cfa_ordinal.json", c("lavaan", "psych"),
  call = "cfa(model, data, ordered = items, estimator = 'WLSMV', 'DWLS', sampling.weights =); standardizedSolution()",
  script = "tests/reference/scripts/cfa_ordinal.R",
  data = paste(
    "lavaan::HolzingerSwineford1939 cut at its quartiles (codes), psych::bfi (2436 complete rows, results only),",
    "250 simulated rows with a Heywood case (codes)"
  ),
  citation = "Rosseel (2012) Journal of Statistical Software 48(2); Muthen (1984); Asparouhov and Muthen (2010)",
  rtol = 1e-5,
  why = "lavaan's polychoric search stops at about 1e-6 of a correlation; its standardised errors use numerical derivatives",
  values = values
)
