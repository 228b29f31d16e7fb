# Rscript cfa.R [folder of the shared data]  ->  ../cfa.json
# Confirmatory factor analysis of one group by lavaan: normal, scaled, weighted; a Heywood case.
source("reference_file.R")
source("ecsi_constructs.R")
suppressPackageStartupMessages({
  library(lavaan)
  library(psych)
})

model_of <- function(factors) {
  paste(vapply(names(factors), function(f) paste(f, "=~", paste(factors[[f]], collapse = " + ")), ""), collapse = "\n")
}
fit_of <- function(data, factors, ...) suppressWarnings(cfa(model_of(factors), data, ...))

plain <- c(
  "chisq", "df", "pvalue", "baseline.chisq", "baseline.df", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper",
  "rmsea.pvalue", "srmr", "logl", "npar", "aic", "bic", "ntotal"
)
scaled <- c(
  "chisq.scaled", "chisq.scaling.factor", "pvalue.scaled", "baseline.chisq.scaled", "baseline.chisq.scaling.factor",
  "cfi.scaled", "tli.scaled", "rmsea.scaled", "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled", "cfi.robust",
  "tli.robust", "rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust"
)
measures <- function(fit, names) {
  found <- as.list(unclass(fitMeasures(fit, names)))
  setNames(lapply(found, as.numeric), gsub(".", "_", names, fixed = TRUE))
}
column <- function(table, op, value, order = NULL) {
  part <- table[table$op == op, ]
  if (!is.null(order)) part <- part[match(order, part$rhs), ]
  part[[value]]
}
square <- function(table, factors, value, op = "~~") {
  part <- table[table$op == op & table$lhs %in% factors & table$rhs %in% factors, ]
  m <- matrix(0, length(factors), length(factors))
  at <- cbind(match(part$lhs, factors), match(part$rhs, factors))
  m[at] <- part[[value]]
  m[at[, 2:1, drop = FALSE]] <- part[[value]]
  m
}
residual <- function(table, items, value) {
  part <- table[table$op == "~~" & table$lhs == table$rhs, ]
  part[[value]][match(items, part$lhs)]
}
solution <- function(fit, factors) {
  items <- unlist(factors, use.names = FALSE)
  raw <- parameterEstimates(fit, remove.nonfree = FALSE)
  std <- standardizedSolution(fit)
  f <- names(factors)
  list(
    loadings = numbers(column(raw, "=~", "est", items)), loadings_se = numbers(column(raw, "=~", "se", items)),
    residuals = numbers(residual(raw, items, "est")), residuals_se = numbers(residual(raw, items, "se")),
    factor_cov = rows(square(raw, f, "est")), factor_cov_se = rows(square(raw, f, "se")),
    std_loadings = numbers(column(std, "=~", "est.std", items)), std_loadings_se = numbers(column(std, "=~", "se", items)),
    uniqueness = numbers(residual(std, items, "est.std")), uniqueness_se = numbers(residual(std, items, "se")),
    factor_corr = rows(square(std, f, "est.std")), factor_corr_se = rows(square(std, f, "se"))
  )
}
modifications <- function(fit) {
  found <- modindices(fit)
  list(lhs = found$lhs, op = found$op, rhs = found$rhs, mi = numbers(found$mi), epc = numbers(found$epc), sepc = numbers(found$sepc.all))
}
one <- function(data, factors, more = FALSE) {
  items <- unlist(factors, use.names = FALSE)
  data <- na.omit(data[items])
  fit <- fit_of(data, factors)
  values <- list(
    n = nrow(data), items = items, factors = lapply(factors, I), covariance = rows(cov(data)),
    measures = measures(fit, plain), marker = solution(fit, factors)
  )
  if (more) {
    values$unit_variance <- solution(fit_of(data, factors, std.lv = TRUE), factors)
    values$modification <- modifications(fit)
    values$residual_corr <- rows(unclass(residuals(fit, type = "cor.bollen")$cov)[items, items])
  }
  values
}
with_estimator <- function(data, factors, estimator, ...) {
  fit <- fit_of(data, factors, estimator = estimator, ...)
  found <- solution(fit, factors)
  c(list(chisq = as.numeric(fitMeasures(fit, "chisq"))), measures(fit, scaled), found[grepl("_se$|^std_loadings$", names(found))])
}

hs <- list(visual = paste0("x", 1:3), textual = paste0("x", 4:6), speed = paste0("x", 7:9))
big_five <- list(
  A = paste0("A", 1:5), C = paste0("C", 1:5), E = paste0("E", 1:5), N = paste0("N", 1:5), O = paste0("O", 1:5)
)
mobi <- constructs[c("image", "quality", "value", "satisfaction")]
single <- constructs[c("image", "satisfaction", "complaints")]
answers <- read_ecsi(commandArgs(TRUE))
complete <- na.omit(bfi[unlist(big_five)])
complete$weight <- rep(c(1, 2, 0.5, 1.5), length.out = nrow(complete))

values <- list(
  hs = one(HolzingerSwineford1939, hs, more = TRUE),
  mobi = one(answers, mobi, more = TRUE),
  single_item_factor = one(answers, single),
  bfi = c(one(bfi, big_five), list(
    satorra_bentler = with_estimator(complete, big_five, "MLM"),
    yuan_bentler = with_estimator(complete, big_five, "MLR"),
    weighted = with_estimator(complete, big_five, "MLR", sampling.weights = "weight")
  )),
  neuroticism = one(bfi, big_five["N"], more = TRUE),
  heywood = one(answers, constructs["loyalty"])
)
write_reference(
  "../cfa.json", c("lavaan", "psych"),
  call = "cfa(model, data, std.lv =, estimator = 'ML', 'MLM', 'MLR', sampling.weights =); modindices(); standardizedSolution()",
  script = "tests/reference/scripts/cfa.R",
  data = paste(
    "lavaan::HolzingerSwineford1939 (301 x 9), ECSI mobile (250 x 24) and psych::bfi (2436 complete rows of 25 items):",
    "covariances only"
  ),
  citation = "Rosseel (2012) Journal of Statistical Software 48(2); Holzinger and Swineford (1939)",
  rtol = 1e-5,
  why = "lavaan's optimiser stops at about 1e-7 of the estimates; its standardised errors use numerical derivatives",
  values = values
)
