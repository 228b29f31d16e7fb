# Rscript polychoric.R  ->  ../polychoric.json
# Polychoric correlations of R psych and lavaan; bivariate normal probabilities of pbivnorm.
source("reference_file.R")
suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
})

tables <- function(frame) {
  pairs <- combn(names(frame), 2)
  lapply(seq_len(ncol(pairs)), function(j) {
    counts <- table(factor(frame[[pairs[1, j]]]), factor(frame[[pairs[2, j]]]))
    matrix(as.integer(counts), nrow(counts))
  })
}

one_scale <- function(frame) {
  frame <- na.omit(frame)
  fit <- lavCor(frame, ordered = names(frame), output = "fit", se = "standard")
  found <- parameterEstimates(fit)
  correlations <- found[found$op == "~~" & found$lhs != found$rhs, ]
  limits <- found[found$op == "|", ]
  psych_found <- suppressWarnings(suppressMessages(polychoric(frame, correct = 0, smooth = FALSE, global = FALSE)))
  list(
    n = nrow(frame), items = names(frame), margins = unname(lapply(frame, function(x) numbers(table(x)))),
    tables = tables(frame),
    lavaan = numbers(correlations$est), lavaan_se = numbers(correlations$se), thresholds = numbers(limits$est),
    psych = numbers(psych_found$rho[lower.tri(psych_found$rho)]),
    alpha_ordinal = alpha(psych_found$rho)$total$raw_alpha
  )
}

keyed <- bfi[1:25]
for (item in c("A1", "C4", "C5", "E1", "E2", "O2", "O5")) keyed[[item]] <- 7 - keyed[[item]]
coarse <- as.data.frame(lapply(bfi[c("N1", "N2", "N3", "N4")], function(x) ifelse(x <= 2, 1, ifelse(x <= 4, 2, 3))))
coarse$N1 <- as.integer(coarse$N1 > 1)

set.seed(1)
h <- round(c(rnorm(40, sd = 1.5), 0, 0, 1, 3, -8), 3)
k <- round(c(rnorm(40, sd = 1.5), 0, 0.001, 1, -3, 8), 3)
r <- c(-0.999, -0.95, -0.9, -0.6, -0.2, 0, 0.3, 0.7, 0.92, 0.93, 0.99, 0.9999)
values <- list(
  agreeable = one_scale(keyed[paste0("A", 1:5)]), conscientious = one_scale(keyed[paste0("C", 1:5)]),
  extravert = one_scale(keyed[paste0("E", 1:5)]), neurotic = one_scale(keyed[paste0("N", 1:5)]),
  open = one_scale(keyed[paste0("O", 1:5)]), coarse = one_scale(coarse),
  probability = list(h = h, k = k, r = r, p = lapply(r, function(one) numbers(pbivnorm::pbivnorm(h, k, one))))
)
write_reference(
  "../polychoric.json", c("psych", "lavaan", "pbivnorm"),
  call = paste(
    "lavCor(x, ordered = names(x), output = 'fit', se = 'standard'); polychoric(x, correct = 0, smooth = FALSE);",
    "pbivnorm(h, k, r)"
  ),
  script = "tests/reference/scripts/polychoric.R",
  data = "psych::bfi, keyed, complete in each scale; N1 to N4 also merged into two and three places",
  citation = "Olsson (1979) Psychometrika 44:443-460; Muthen (1984) Psychometrika 49:115-132; Genz (2004)",
  rtol = 1e-6,
  why = "lavaan 1e-6 (its optimiser's end); psych 1e-4, because its search stops there; pbivnorm to 1e-13",
  values = values
)
