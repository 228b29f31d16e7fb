# Rscript structural.R [folder of the shared data]  ->  ../structural.json
# Structural equation models by lavaan: effects, fit, scaled and weighted; a single item with stated reliability.
source("reference_file.R")
source("ecsi_constructs.R")
suppressPackageStartupMessages({
  library(lavaan)
  library(psych)
})

plain <- c(
  "chisq", "df", "pvalue", "baseline.chisq", "baseline.df", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper",
  "rmsea.pvalue", "srmr", "logl", "npar", "aic", "bic", "ntotal"
)
scaled <- c(
  "chisq.scaled", "chisq.scaling.factor", "pvalue.scaled", "cfi.scaled", "tli.scaled", "rmsea.scaled", "cfi.robust",
  "tli.robust", "rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust"
)
measures <- function(fit, names) {
  found <- as.list(unclass(fitMeasures(fit, names)))
  setNames(lapply(found, as.numeric), gsub(".", "_", names, fixed = TRUE))
}

# every way from one factor to another, as products of labels
ways <- function(model, from, to) {
  unlist(lapply(model[[to]], function(k) {
    last <- paste0("b_", to, "_", k)
    c(if (k == from) last, if (length(w <- ways(model, from, k))) paste(w, last, sep = "*"))
  }))
}
effects_of <- function(model, names) {
  lines <- c()
  for (to in names(model)) {
    for (from in setdiff(names, to)) {
      all <- ways(model, from, to)
      if (!length(all)) next
      indirect <- all[grepl("*", all, fixed = TRUE)]
      lines <- c(lines, paste0("total_", to, "_", from, " := ", paste(all, collapse = " + ")))
      if (length(indirect)) {
        lines <- c(lines, paste0("indirect_", to, "_", from, " := ", paste(indirect, collapse = " + ")))
      }
    }
  }
  lines
}
syntax <- function(factors, model, more = "") {
  measured <- vapply(names(factors), function(f) paste(f, "=~", paste(factors[[f]], collapse = " + ")), "")
  regressed <- vapply(names(model), function(y) {
    paste(y, "~", paste0("b_", y, "_", model[[y]], "*", model[[y]], collapse = " + "))
  }, "")
  paste(c(measured, regressed, more, effects_of(model, names(factors))), collapse = "\n")
}
square <- function(table, factors, op, value) {
  part <- table[table$op == op & table$lhs %in% factors & table$rhs %in% factors, ]
  m <- matrix(0, length(factors), length(factors))
  at <- cbind(match(part$lhs, factors), match(part$rhs, factors))
  m[at] <- part[[value]]
  if (op == "~~") m[at[, 2:1, drop = FALSE]] <- part[[value]]
  rows(m)
}
defined <- function(table, kind, factors, value) {
  m <- matrix(0, length(factors), length(factors))
  for (to in seq_along(factors)) {
    for (from in seq_along(factors)) {
      at <- table$op == ":=" & table$lhs == paste0(kind, "_", factors[to], "_", factors[from])
      if (any(at)) m[to, from] <- table[[value]][at]
    }
  }
  rows(m)
}
solution <- function(fit, factors) {
  f <- names(factors)
  items <- unlist(factors, use.names = FALSE)
  raw <- parameterEstimates(fit, remove.nonfree = FALSE)
  std <- standardizedSolution(fit)
  loading <- function(table, value) {
    part <- table[table$op == "=~", ]
    numbers(part[[value]][match(items, part$rhs)])
  }
  residual <- function(table, value) {
    part <- table[table$op == "~~" & table$lhs == table$rhs, ]
    numbers(part[[value]][match(items, part$lhs)])
  }
  r2 <- lavInspect(fit, "rsquare")
  list(
    measurement = list(
      loadings = loading(raw, "est"), loadings_se = loading(raw, "se"), std_loadings = loading(std, "est.std"),
      std_loadings_se = loading(std, "se"), residuals = residual(raw, "est"), residuals_se = residual(raw, "se"),
      uniqueness = residual(std, "est.std"), uniqueness_se = residual(std, "se")
    ),
    paths = list(
      paths = square(raw, f, "~", "est"), paths_se = square(raw, f, "~", "se"),
      std_paths = square(std, f, "~", "est.std"), std_paths_se = square(std, f, "~", "se"),
      disturbances = square(raw, f, "~~", "est"), disturbances_se = square(raw, f, "~~", "se"),
      std_disturbances = square(std, f, "~~", "est.std"), std_disturbances_se = square(std, f, "~~", "se"),
      total = defined(raw, "total", f, "est"), total_se = defined(raw, "total", f, "se"),
      std_total = defined(std, "total", f, "est.std"), std_total_se = defined(std, "total", f, "se"),
      indirect = defined(raw, "indirect", f, "est"), indirect_se = defined(raw, "indirect", f, "se"),
      std_indirect = defined(std, "indirect", f, "est.std"), std_indirect_se = defined(std, "indirect", f, "se"),
      r2 = numbers(r2[f])
    ),
    factor_corr = rows(cov2cor(lavInspect(fit, "cov.lv")[f, f]))
  )
}
one <- function(data, factors, model, more = "", ...) {
  items <- unlist(factors, use.names = FALSE)
  data <- na.omit(data[items])
  fit <- suppressWarnings(sem(syntax(factors, model, more), data, ...))
  c(
    list(
      n = nrow(data), items = items, factors = lapply(factors, I), model = lapply(model, I),
      covariance = rows(cov(data)), measures = measures(fit, plain)
    ),
    solution(fit, factors)
  )
}
with_estimator <- function(data, factors, model, estimator, ...) {
  fit <- suppressWarnings(sem(syntax(factors, model), data, estimator = estimator, ...))
  found <- solution(fit, factors)
  c(measures(fit, scaled), list(
    measurement = found$measurement[grepl("_se$", names(found$measurement))],
    paths = found$paths[grepl("_se$", names(found$paths))]
  ))
}

democracy <- list(ind60 = paste0("x", 1:3), dem60 = paste0("y", 1:4), dem65 = paste0("y", 5:8))
democracy_model <- list(dem60 = "ind60", dem65 = c("ind60", "dem60"))
ecsi_model <- list(
  expectations = "image", quality = "expectations", value = c("expectations", "quality"),
  satisfaction = c("image", "expectations", "quality", "value"), complaints = "satisfaction",
  loyalty = c("image", "satisfaction", "complaints")
)
small <- constructs[c("image", "quality", "value", "satisfaction", "complaints", "loyalty")]
improper_model <- list(
  satisfaction = c("image", "quality", "value"), complaints = "satisfaction", loyalty = c("image", "satisfaction")
)
few <- constructs[c("expectations", "value", "satisfaction", "complaints")]
two_ends <- list(value = "expectations", complaints = "expectations", satisfaction = "expectations")
big_five <- list(
  N = paste0("N", 1:5), E = paste0("E", 1:5), A = paste0("A", 1:5), C = paste0("C", 1:5), O = paste0("O", 1:5)
)
big_five_model <- list(A = c("N", "E"), C = c("N", "A"), O = c("E", "C"))

answers <- read_ecsi(commandArgs(TRUE))
stated <- function(item, reliability) {
  v <- var(answers[[item]]) * (nrow(answers) - 1) / nrow(answers)
  paste0(item, " ~~ ", format((1 - reliability) * v, digits = 17), "*", item)
}
complete <- na.omit(bfi[unlist(big_five)])
complete$weight <- rep(c(1, 2, 0.5, 1.5), length.out = nrow(complete))

values <- list(
  democracy = one(PoliticalDemocracy, democracy, democracy_model),
  # of standardised items and by BFGS: where constructs are hard to tell apart lavaan's default search ends early
  ecsi = one(
    as.data.frame(scale(answers[unlist(constructs)])), constructs, ecsi_model,
    optim.method = "BFGS", control = list(reltol = 1e-16, maxit = 5000), optim.force.converged = TRUE
  ),
  stated_reliability = one(answers, few, two_ends, stated("CUSCO", 0.8)),
  improper = one(answers, small, improper_model),
  big_five = c(one(bfi, big_five, big_five_model), list(
    satorra_bentler = with_estimator(complete, big_five, big_five_model, "MLM"),
    yuan_bentler = with_estimator(complete, big_five, big_five_model, "MLR"),
    weighted = with_estimator(complete, big_five, big_five_model, "MLR", sampling.weights = "weight")
  ))
)
write_reference(
  "../structural.json", c("lavaan", "psych"),
  call = "sem(model, data, estimator = 'ML', 'MLM', 'MLR', sampling.weights =); parameterEstimates(); standardizedSolution()",
  script = "tests/reference/scripts/structural.R",
  data = paste(
    "lavaan::PoliticalDemocracy (75 x 11, without its residual covariances), ECSI mobile (250 x 24) and psych::bfi",
    "(2436 complete rows of 25 items): covariances only"
  ),
  citation = "Rosseel (2012) Journal of Statistical Software 48(2); Bollen (1989) Structural Equations with Latent Variables",
  rtol = 1e-4,
  why = "lavaan's optimiser (its BFGS for the ECSI model) ends at about 1e-6 of the estimates; its standardised errors use numerical derivatives",
  values = values
)
