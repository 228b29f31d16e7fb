# Rscript invariance.R  ->  ../invariance.json
# Configural, metric, scalar and strict models of several groups by lavaan, score tests of equality, partial models.
source("reference_file.R")
suppressPackageStartupMessages({
  library(lavaan)
  library(psych)
})

plain <- c("chisq", "df", "pvalue", "baseline.chisq", "baseline.df", "cfi", "tli", "rmsea", "rmsea.ci.lower",
  "rmsea.ci.upper", "srmr", "npar", "aic", "bic")
measures <- function(fit) {
  found <- as.list(unclass(fitMeasures(fit, plain)))
  setNames(lapply(found, as.numeric), gsub(".", "_", plain, fixed = TRUE))
}
levels_of <- list(
  configural = "", metric = "loadings", scalar = c("loadings", "intercepts"),
  strict = c("loadings", "intercepts", "residuals")
)
solution <- function(fit, items, factors, g) {
  raw <- parameterEstimates(fit)
  raw <- raw[raw$group == g, ]
  std <- standardizedSolution(fit)
  std <- std[std$group == g, ]
  get <- function(table, op, value, key) {
    part <- table[table$op == op & (op != "~~" | table$lhs == table$rhs), ]
    names <- if (op == "=~") part$rhs else part$lhs
    numbers(part[[value]][match(key, names)])
  }
  list(
    loadings = get(raw, "=~", "est", items), loadings_se = get(raw, "=~", "se", items),
    intercepts = get(raw, "~1", "est", items), intercepts_se = get(raw, "~1", "se", items),
    residuals = get(raw, "~~", "est", items), residuals_se = get(raw, "~~", "se", items),
    factor_means = get(raw, "~1", "est", factors), factor_means_se = get(raw, "~1", "se", factors),
    std_loadings = get(std, "=~", "est.std", items), std_loadings_se = get(std, "=~", "se", items)
  )
}
# joint test of releasing one item's equality in all groups
joint_scores <- function(fit, items, op) {
  table <- parTable(fit)
  numbers(vapply(items, function(item) {
    here <- table[table$op == op & (if (op == "=~") table$rhs else table$lhs) == item, ]
    equal <- table[table$op == "==", ]
    number <- which(equal$lhs %in% here$plabel & equal$rhs %in% here$plabel)
    lavTestScore(fit, release = number)$test$X2
  }, 0))
}
one <- function(data, group, factors, partial = character()) {
  items <- unlist(factors, use.names = FALSE)
  data <- na.omit(data[c(items, group)])
  model <- paste(vapply(names(factors), function(f) paste(f, "=~", paste(factors[[f]], collapse = " + ")), ""), collapse = "\n")
  names <- unique(data[[group]]) # lavaan's order
  fits <- lapply(levels_of, function(equal) {
    cfa(model, data, group = group, group.equal = equal, std.lv = TRUE)
  })
  parts <- lapply(names, function(g) data[data[[group]] == g, items])
  values <- list(
    groups = as.character(names), n = numbers(vapply(parts, nrow, 0L)), items = items, factors = lapply(factors, I),
    covariance = lapply(parts, function(x) rows(cov(x))), means = lapply(parts, function(x) numbers(colMeans(x))),
    measures = lapply(fits, measures),
    scalar = lapply(seq_along(names), function(g) solution(fits$scalar, items, names(factors), g)),
    loading_scores = joint_scores(fits$metric, items, "=~"),
    intercept_scores = joint_scores(fits$scalar, items, "~1")
  )
  values$configural <- lapply(seq_along(names), function(g) {
    found <- solution(fits$configural, items, names(factors), g)
    found[c("loadings", "loadings_se", "std_loadings", "std_loadings_se")]
  })
  if (length(partial)) {
    fit <- cfa(model, data, group = group, group.equal = levels_of$scalar, group.partial = partial, std.lv = TRUE)
    values$partial <- list(
      freed = I(partial), measures = measures(fit),
      last = solution(fit, items, names(factors), length(names))
    )
  }
  values
}

hs <- list(visual = paste0("x", 1:3), textual = paste0("x", 4:6), speed = paste0("x", 7:9))
two <- list(A = paste0("A", 1:5), C = paste0("C", 1:5))
values <- list(
  hs_school = one(HolzingerSwineford1939, "school", hs, c("x3~1", "x7~1")),
  bfi_gender = one(bfi, "gender", two),
  bfi_education = one(bfi, "education", two)
)
write_reference(
  "../invariance.json", c("lavaan", "psych"),
  call = "cfa(model, data, group =, group.equal =, group.partial =, std.lv = TRUE); lavTestScore(fit, release =)",
  script = "tests/reference/scripts/invariance.R",
  data = "lavaan::HolzingerSwineford1939 by school, psych::bfi (agreeableness, conscientiousness) by gender and education: moments",
  citation = "Rosseel (2012) Journal of Statistical Software 48(2)",
  rtol = 1e-5,
  why = "lavaan's optimiser stops at about 1e-7 of the estimates; its standardised errors use numerical derivatives",
  values = values
)
