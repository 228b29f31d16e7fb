# Rscript case_mix.R  ->  ../case_mix.json
# Scores of units adjusted for their respondents, written out in R (lm, svyglm), errors by the delete-one jackknife;
# score tests of unit x adjuster from dense matrices; weighted trees of scores by svymean and svycontrast.
source("reference_file.R")
suppressPackageStartupMessages(library(survey))
options(survey.replicates.mse = TRUE)
data(api)

sample_of <- function(data, every = Inf) {
  n <- nrow(data)
  gone <- (seq_len(n) %% every) == 3 # every = Inf: the third alone
  data.frame(
    score = data$api00 / 10, unit = as.integer(data$stype) - 1L, meals = ifelse(gone, NA, data$meals),
    grad = data$col.grad, wide = ifelse(rev(gone), NA, as.integer(data$sch.wide) - 1L),
    w = 1 + seq_len(n) %% 3, cluster = data$dnum, stratum = as.integer(data$stype) - 1L
  )
}
filled <- function(data, w) { # CAHPS: a missing adjuster is the mean of the unit
  for (name in c("meals", "wide")) {
    for (u in unique(data$unit)) {
      here <- data$unit == u
      known <- here & !is.na(data[[name]])
      data[[name]][here & is.na(data[[name]])] <- weighted.mean(data[[name]][known], w[known])
    }
  }
  data
}
adjust <- function(w, data) {
  data$w <- w # lm looks there first
  data <- filled(data, w)
  fit <- lm(score ~ 0 + factor(unit) + meals + grad + wide, data, weights = w)
  b <- coef(fit)[c("meals", "grad", "wide")]
  x <- as.matrix(data[names(b)])
  all <- colSums(x * w) / sum(w)
  units <- sort(unique(data$unit))
  raw <- sapply(units, function(u) weighted.mean(data$score[data$unit == u], w[data$unit == u]))
  mean <- t(sapply(units, function(u) colSums(x[data$unit == u, ] * w[data$unit == u]) / sum(w[data$unit == u])))
  c(raw, raw - as.numeric(sweep(mean, 2, all) %*% b), b)
}
interaction <- function(data, design, tested) { # score test with Hotelling's F
  w <- weights(design, "sampling")
  data <- filled(data, w)
  null <- svyglm(score ~ factor(unit) + meals + grad + wide, update(design, meals = data$meals, wide = data$wide))
  e <- data$score - fitted(null)
  x0 <- model.matrix(~ factor(unit) + meals + grad + wide, data)
  x1 <- model.matrix(as.formula(paste("~ factor(unit) *", tested)), data)
  x1 <- x1[, grepl(":", colnames(x1)), drop = FALSE]
  left <- x1 - x0 %*% solve(crossprod(x0, x0 * w), crossprod(x0, x1 * w))
  size <- sqrt(colSums(left^2 * w))
  left <- left[, size > 1e-6, drop = FALSE]
  told <- qr(left * sqrt(w), tol = 1e-6)
  left <- left[, told$pivot[seq_len(told$rank)], drop = FALSE]
  q <- ncol(left)
  if (q == 0) return(c(NA, 0, NA, NA)) # one unit has one category only
  s <- left * e * w
  total <- svytotal(s / w, design)
  d <- degf(design)
  u <- colSums(s)
  f <- (d - q + 1) / (d * q) * as.numeric(u %*% solve(vcov(total), u))
  c(f, q, d - q + 1, pf(f, q, d - q + 1, lower.tail = FALSE))
}
case <- function(data, design, jackknife, tested = TRUE) {
  replicated <- as.svrepdesign(design, type = jackknife)
  found <- withReplicates(replicated, adjust)
  m <- length(unique(data$unit))
  value <- as.numeric(coef(found))
  error <- sqrt(diag(matrix(vcov(found), length(value))))
  made <- list(
    data = as.list(data), raw = numbers(value[1:m]), adjusted = numbers(value[m + 1:m]), b = numbers(value[2 * m + 1:3]),
    raw_error = numbers(error[1:m]), adjusted_error = numbers(error[m + 1:m]), b_error = numbers(error[2 * m + 1:3])
  )
  if (tested) made$interaction <- lapply(list(meals = "meals", grad = "grad", wide = "wide"), function(t) numbers(interaction(data, design, t)))
  made
}
whole <- sample_of(apisrs)
plain <- whole
plain$w <- 1
gappy <- sample_of(apisrs, 9)
strata <- sample_of(apistrat, 11)
strata$unit <- as.integer(apistrat$awards) - 1L
clusters <- sample_of(apiclus1)
clusters$unit <- as.integer(apiclus1$awards) - 1L

tree <- function(design) {
  nodes <- list(whole = c(0.5, 0.25, 0.25), inner = c(0, 0.5, 0.5))
  replicated <- as.svrepdesign(design, type = "JK1")
  lapply(0:2, function(u) {
    node <- svycontrast(svymean(~ a + b + c, subset(design, unit == u)), nodes)
    again <- withReplicates(replicated, function(w, data) {
      here <- data$unit == u
      mean <- colSums(data[here, c("a", "b", "c")] * w[here]) / sum(w[here])
      sapply(nodes, function(weight) sum(weight * mean))
    })
    list(value = numbers(coef(node)), linearised = numbers(SE(node)), jackknife = numbers(sqrt(diag(matrix(vcov(again), 2)))))
  })
}
leaves <- data.frame(
  a = apisrs$api00 / 10, b = apisrs$meals, c = apisrs$col.grad, unit = as.integer(apisrs$stype) - 1L, w = 1 + seq_len(nrow(apisrs)) %% 3
)
values <- list(
  plain = case(plain, svydesign(id = ~1, weights = ~w, data = plain), "JK1"),
  weighted = case(whole, svydesign(id = ~1, weights = ~w, data = whole), "JK1"),
  missing = case(gappy, svydesign(id = ~1, weights = ~w, data = gappy), "JK1"),
  strata = case(strata, svydesign(id = ~1, strata = ~stratum, weights = ~w, data = strata), "JKn"),
  clusters = case(clusters, svydesign(id = ~cluster, weights = ~w, data = clusters), "JK1"),
  tree = list(data = as.list(leaves), units = tree(svydesign(id = ~1, weights = ~w, data = leaves)))
)
write_reference(
  "../case_mix.json", "survey",
  call = "lm(), svyglm(), withReplicates(as.svrepdesign(type = 'JK1', 'JKn'), …), svytotal(), svymean(), svycontrast()",
  script = "tests/reference/scripts/case_mix.R", data = "survey::api (apisrs, apistrat, apiclus1)",
  citation = "AHRQ, Instructions for Analyzing Data from CAHPS Surveys; Korn and Graubard (1990) American Statistician 44, 270-276",
  rtol = 1e-9, why = "both solve small linear systems to machine precision",
  values = values
)
