# Rscript discriminant.R [folder of the shared data]  ->  ../discriminant.json
# HTMT and HTMT2 of semTools, AVE from psych's one-factor loadings, factor correlations by lm, eigenvalues by base R.
source("reference_file.R")
source("ecsi_constructs.R")
suppressPackageStartupMessages(library(psych))
suppressPackageStartupMessages(library(semTools))

one_study <- function(corr, n, blocks) {
  items <- unlist(blocks, use.names = FALSE)
  corr <- corr[items, items]
  model <- paste(vapply(names(blocks), function(b) paste(b, "=~", paste(blocks[[b]], collapse = "+")), ""), collapse = "\n")
  loadings <- unlist(lapply(blocks, function(block) {
    if (length(block) == 2) {
      return(rep(sqrt(abs(corr[block[1], block[2]])), 2))
    }
    numbers(suppressWarnings(fa(corr[block, block], nfactors = 1, fm = "minres"))$loadings)
  }))
  names(loadings) <- items
  phi <- diag(length(blocks))
  cross <- matrix(0, length(items), length(blocks), dimnames = list(items, names(blocks)))
  for (a in seq_along(blocks)) {
    for (i in items) cross[i, a] <- coef(lm(corr[i, blocks[[a]]] ~ 0 + loadings[blocks[[a]]]))
    cross[blocks[[a]], a] <- loadings[blocks[[a]]]
    for (b in setdiff(seq_along(blocks), a)) {
      product <- outer(loadings[blocks[[a]]], loadings[blocks[[b]]])
      phi[a, b] <- coef(lm(as.vector(corr[blocks[[a]], blocks[[b]]]) ~ 0 + as.vector(product)))
    }
  }
  full <- function(m) rows(unclass(m)[names(blocks), names(blocks)])
  list(
    n = n, items = items, blocks = blocks, correlation = rows(corr),
    htmt = full(htmt(model, sample.cov = corr, htmt2 = FALSE)), htmt2 = full(htmt(model, sample.cov = corr)),
    loadings = numbers(loadings), ave = numbers(vapply(blocks, function(b) mean(loadings[b]^2), 0)),
    factor_correlations = rows(phi), structure = rows(cross), first_component = eigen(corr)$values[1] / length(items)
  )
}

holzinger <- lavaan::HolzingerSwineford1939
answers <- read_ecsi(commandArgs(TRUE))
traits <- split(names(bfi)[1:25], rep(c("agree", "conscientious", "extraversion", "neuroticism", "openness"), each = 5))
complete <- na.omit(bfi[1:25])
reversed <- c("A1", "C4", "C5", "E1", "E2", "O2", "O5")
complete[reversed] <- 7 - complete[reversed]
values <- list(
  holzinger = one_study(
    cor(holzinger[paste0("x", 1:9)]), nrow(holzinger),
    list(visual = paste0("x", 1:3), textual = paste0("x", 4:6), speed = paste0("x", 7:9))
  ),
  ecsi = one_study(cor(answers), nrow(answers), constructs[lengths(constructs) > 1]),
  bfi = one_study(cor(complete), nrow(complete), traits)
)
write_reference(
  "../discriminant.json", c("semTools", "psych"),
  call = "semTools::htmt(model, sample.cov = R, htmt2 = FALSE / TRUE); psych::fa(fm = 'minres'); lm(); eigen()",
  script = "tests/reference/scripts/discriminant.R",
  data = "lavaan::HolzingerSwineford1939 (301 x 9), ECSI mobile (250 x 24), psych::bfi (complete rows, keyed), correlations only",
  citation = "Henseler et al. (2015) JAMS 43:115-135; Tenenhaus et al. (2005) CSDA 48:159-205",
  rtol = 1e-9,
  why = "closed forms of stored correlations and loadings; the loadings themselves to 2e-5, where psych stops its optimiser",
  values = values
)
