# LMG by its definition: the mean over all orders of entry of the gain in R squared, from lm() on every subset.
# `groups` is a list of column names, one element a driver.
all_subsets_lmg <- function(frame, outcome, groups, weights = NULL) {
  count <- length(groups)
  frame$.weights <- if (is.null(weights)) rep(1, nrow(frame)) else weights
  r2 <- numeric(2^count)
  for (subset in 1:(2^count - 1)) {
    inside <- bitwAnd(subset, 2^(0:(count - 1))) > 0
    terms <- unlist(groups[inside])
    r2[subset + 1] <- summary(lm(reformulate(terms, outcome), frame, weights = .weights))$r.squared
  }
  vapply(seq_len(count), function(driver) {
    gain <- 0
    for (subset in 0:(2^count - 1)) {
      if (bitwAnd(subset, 2^(driver - 1)) > 0) next
      size <- sum(bitwAnd(subset, 2^(0:(count - 1))) > 0)
      weight <- factorial(size) * factorial(count - size - 1) / factorial(count)
      gain <- gain + weight * (r2[subset + 2^(driver - 1) + 1] - r2[subset + 1])
    }
    gain
  }, 0)
}

# HC3 of MacKinnon and White (1985), with the weights of the fit
hc3 <- function(fit) {
  x <- model.matrix(fit)
  w <- if (is.null(weights(fit))) rep(1, nrow(x)) else weights(fit)
  bread <- solve(crossprod(x * sqrt(w)))
  score <- x * (w * residuals(fit) / (1 - hatvalues(fit)))
  bread %*% crossprod(score) %*% bread
}

variance_inflation <- function(frame) diag(solve(cor(frame)))
