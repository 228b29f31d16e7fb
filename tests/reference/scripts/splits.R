# Rscript splits.R [folder of the shared data]  ->  ../splits.json
# Guttman's lambdas and split halves of R psych and by enumeration, one-factor likelihood of factanal and lavaan.
source("reference_file.R")
source("ecsi_constructs.R")
suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
})

# every split into halves by enumeration: psych leaves out half of the splits of an odd number of items
all_splits <- function(covariance) {
  n_items <- ncol(covariance)
  chosen <- combn(n_items, n_items %/% 2)
  if (n_items %% 2 == 0) chosen <- chosen[, chosen[1, ] == 1, drop = FALSE]
  both <- apply(chosen, 2, function(first) {
    a <- sum(covariance[first, first])
    b <- sum(covariance[-first, -first])
    between <- sum(covariance[first, -first])
    r <- between / sqrt(a * b)
    c(4 * between / sum(covariance), 2 * r / (1 + r))
  })
  list(
    splits = ncol(chosen), lambda4 = max(both[1, ]), mean_lambda4 = mean(both[1, ]),
    best = numbers(chosen[, which.max(both[1, ])]),
    spearman_brown = list(
      mean = mean(both[2, ]), minimum = min(both[2, ]), maximum = max(both[2, ]),
      quartiles = numbers(quantile(both[2, ], 1:3 / 4))
    )
  )
}

lambdas <- function(matrix) {
  found <- suppressMessages(suppressWarnings(guttman(matrix)))
  numbers(found[c("lambda.1", "lambda.2", "lambda.3", "lambda.5", "lambda.6")])
}

# psych's lambdas are those of correlations; the same formulas on covariances, lambda 6 by regression on the rows
raw_lambdas <- function(frame) {
  covariance <- cov(frame)
  off <- covariance - diag(diag(covariance))
  whole <- sum(covariance)
  p <- ncol(frame)
  unexplained <- sapply(seq_len(p), function(j) var(resid(lm(frame[[j]] ~ ., frame[-j]))))
  first <- 1 - sum(diag(covariance)) / whole
  c(
    first, first + sqrt(p / (p - 1) * sum(off^2)) / whole, first * p / (p - 1),
    first + 2 * sqrt(max(colSums(off^2))) / whole, 1 - sum(unexplained) / whole
  )
}

likelihood <- function(frame) {
  values <- list()
  if (ncol(frame) > 3) { # just identified: factanal cannot start
    fit <- factanal(covmat = cor(frame), factors = 1, n.obs = nrow(frame), control = list(opt = list(factr = 1e3)))
    values$factanal <- numbers(fit$loadings)
  }
  names(frame) <- paste0("x", seq_along(frame))
  model <- paste("f =~", paste(names(frame), collapse = " + "))
  values$lavaan <- numbers(lavInspect(cfa(model, frame, std.lv = TRUE, std.ov = TRUE), "std")$lambda)
  values
}

one_scale <- function(frame) {
  values <- list(
    n = nrow(frame), items = names(frame), covariance = rows(cov(frame)), likelihood = likelihood(frame),
    correlation_lambdas = lambdas(cor(frame)), lambdas = numbers(raw_lambdas(frame)),
    halves = all_splits(cov(frame)), standardised_halves = all_splits(cor(frame))
  )
  if (ncol(frame) %% 2 == 0) {
    psych_halves <- splitHalf(cor(frame), brute = TRUE, check.keys = FALSE)
    values$psych <- list(maximum = psych_halves$maxrb, mean = psych_halves$meanr, minimum = psych_halves$minrb)
    raw <- splitHalf(cov(frame), brute = TRUE, check.keys = FALSE, covar = TRUE)
    values$psych_raw <- list(maximum = raw$maxrb, mean = raw$meanr, minimum = raw$minrb)
  }
  values
}

answers <- read_ecsi(commandArgs(TRUE))
keyed <- na.omit(bfi[1:25])
for (item in c("A1", "C4", "C5", "E1", "E2", "O2", "O5")) keyed[[item]] <- 7 - keyed[[item]]
values <- list(
  image = one_scale(answers[constructs$image]), quality = one_scale(answers[constructs$quality]),
  satisfaction = one_scale(answers[constructs$satisfaction]), attitude = one_scale(attitude),
  school = one_scale(HolzingerSwineford1939[paste0("x", 1:6)]),
  agreeable = one_scale(keyed[c("A1", "A2", "A3", "A4", "A5")]),
  agreeable_extravert = one_scale(keyed[c(paste0("A", 1:5), paste0("E", 1:5))]),
  fourteen = one_scale(keyed[c(paste0("A", 1:5), paste0("E", 1:5), paste0("C", 1:4))])
)
write_reference(
  "../splits.json", c("psych", "lavaan"),
  call = paste(
    "guttman(cor(x)); splitHalf(x, brute = TRUE, check.keys = FALSE); combn(); lm();",
    "factanal(covmat, factors = 1); cfa(std.lv = TRUE, std.ov = TRUE)"
  ),
  script = "tests/reference/scripts/splits.R",
  data = paste(
    "ECSI mobile (250), covariances only; datasets::attitude (30 x 7); lavaan::HolzingerSwineford1939 (301), x1-x6;",
    "psych::bfi, keyed, complete in 25 items (2436)"
  ),
  citation = "Guttman (1945) Psychometrika 10:255-282; Revelle and Condon (2019) Psychological Assessment 31:1395-1411",
  rtol = 1e-9,
  why = "closed forms and enumeration; the likelihood loadings to 1e-5, where factanal and lavaan stop",
  values = values
)
