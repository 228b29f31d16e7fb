# Rscript drivers.R [folder of the shared data]  ->  ../drivers.json
source("reference_file.R")
source("ecsi_constructs.R")
source("all_subsets.R")
suppressPackageStartupMessages(library(MASS))

one_regression <- function(frame, outcome, groups, moments = TRUE) {
  terms <- unname(unlist(groups))
  fit <- lm(reformulate(terms, outcome), frame)
  table <- summary(fit)
  spread <- apply(frame[terms], 2, sd) / sd(frame[[outcome]])
  values <- list(
    n = nrow(frame), outcome = outcome, predictors = terms, coefficients = numbers(coef(fit)),
    beta = numbers(coef(fit)[-1] * spread), r2 = table$r.squared, r2_adjusted = table$adj.r.squared,
    std_error_ols = numbers(table$coefficients[, 2]), std_error_hc3 = numbers(sqrt(diag(hc3(fit)))),
    vif = numbers(variance_inflation(frame[terms])), lmg = numbers(all_subsets_lmg(frame, outcome, groups))
  )
  if (moments) {
    columns <- c(outcome, terms)
    values$covariance <- rows(cov(frame[columns]))
    values$mean <- numbers(colMeans(frame[columns]))
  }
  values
}

scores <- ecsi_scores(read_ecsi(commandArgs(TRUE)))

people <- housing[rep(seq_len(nrow(housing)), housing$Freq), ]
dummies <- as.data.frame(model.matrix(~ factor(as.character(Infl), c("Low", "Medium", "High")) +
  factor(as.character(Type), c("Tower", "Apartment", "Atrium", "Terrace")) +
  factor(as.character(Cont), c("Low", "High")), people)[, -1])
names(dummies) <- c("influence_medium", "influence_high", "apartment", "atrium", "terrace", "contact_high")
dummies$satisfaction <- 50 * (as.integer(people$Sat) - 1)

columns <- setdiff(names(attitude), "rating")
weighted <- lm(rating ~ ., attitude, weights = attitude$advance)
values <- list(
  ecsi_satisfaction = one_regression(scores, "satisfaction", as.list(c("image", "expectations", "quality", "value"))),
  ecsi_loyalty = one_regression(scores, "loyalty", as.list(c("image", "satisfaction", "complaints"))),
  housing = one_regression(
    dummies, "satisfaction",
    list(c("influence_medium", "influence_high"), c("apartment", "atrium", "terrace"), "contact_high")
  ),
  attitude = one_regression(attitude, "rating", as.list(columns), moments = FALSE),
  attitude_weighted = list(
    weights = "advance", coefficients = numbers(coef(weighted)), r2 = summary(weighted)$r.squared,
    std_error_hc3 = numbers(sqrt(diag(hc3(weighted)))),
    lmg = numbers(all_subsets_lmg(attitude, "rating", as.list(columns), weights = attitude$advance))
  )
)
write_reference(
  "../drivers.json", "MASS",
  call = "lm(), summary.lm(); HC3, VIF and LMG (lm() on all subsets) written out in all_subsets.R",
  script = "tests/reference/scripts/drivers.R",
  data = paste(
    "ECSI mobile: construct mean scores 0-100, moments only; MASS::housing expanded by Freq (1681), satisfaction",
    "0/50/100; datasets::attitude"
  ),
  citation = "Tenenhaus et al. (2005) CSDA 48:159-205; Madsen (1976) Scand. J. Statist. 3:97-106; Chatterjee and Price (1977)",
  rtol = 1e-9, why = "closed forms, solved from moments here and by QR there",
  values = values
)
