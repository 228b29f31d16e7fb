# Rscript diagnostics.R  ->  ../diagnostics.json
# Regression diagnostics, cluster covariances, effects by segment, cross-validation.
source("reference_file.R")
suppressPackageStartupMessages({
  library(car)
  library(lmtest)
  library(sandwich)
  library(clubSandwich)
  library(survey)
  library(psych)
  library(splines)
})

# Belsley, Kuh and Welsch (1980): columns with the intercept, scaled to length 1
belsley <- function(x) {
  x <- cbind(1, as.matrix(x))
  x <- sweep(x, 2, sqrt(colSums(x^2)), "/")
  s <- svd(x)
  phi <- sweep(s$v^2, 2, s$d^2, "/")
  list(index = numbers(s$d[1] / s$d), proportions = rows(t(phi / rowSums(phi))))
}
influence_of <- function(fit) {
  list(
    leverage = numbers(hatvalues(fit)), standardised = numbers(rstandard(fit)), studentised = numbers(rstudent(fit)),
    cooks_distance = numbers(cooks.distance(fit)), dffits = numbers(dffits(fit))
  )
}
joint <- function(table, p = "Pr(>F)") {
  list(f = table$F[2], df1 = abs(table$Df[2]), df2 = table[["Res.Df"]][2], p_value = table[[p]][2])
}
chi2 <- function(test) {
  list(chi2 = test$statistic[[1]], df = test$parameter[[1]], p_value = test$p.value[[1]])
}
anova_of <- function(small, large) joint(anova(small, large))
robust <- function(fit, added) joint(linearHypothesis(fit, added, white.adjust = "hc3", test = "F"))

prestige <- carData::Prestige
prestige$income <- prestige$income / 1000
terms <- c("education", "income", "women")
fit <- lm(prestige ~ education + income + women, prestige)
weighted <- lm(prestige ~ education + income + women, prestige, weights = rep(c(1, 2, 0.5), length.out = 102))
squares <- ~ (education + income + women)^2 + I(education^2) + I(income^2) + I(women^2)
z <- function(v) (v - mean(v)) / sd(v)
powers <- transform(prestige, p2 = z(fitted(fit))^2, p3 = z(fitted(fit))^3)
knots <- quantile(prestige$income, c(0.05, 0.35, 0.65, 0.95))
bent <- lm(prestige ~ education + women + ns(income, knots = knots[2:3], Boundary.knots = knots[c(1, 4)]), prestige)
harrell <- sapply(1:2, function(j) { # the same spline by its formula, for the robust test
  cube <- function(k) pmax(prestige$income - k, 0)^3
  cube(knots[j]) - cube(knots[3]) * (knots[4] - knots[j]) / (knots[4] - knots[3]) +
    cube(knots[4]) * (knots[3] - knots[j]) / (knots[4] - knots[3])
})

people <- na.omit(data.frame(
  agreeable = rowMeans(bfi[c("A2", "A3", "A4", "A5")]), extraverted = rowMeans(bfi[c("E3", "E4", "E5")]),
  neurotic = rowMeans(bfi[paste0("N", 1:5)]), age = bfi$age, gender = bfi$gender, education = bfi$education
))[1:900, ]
people$n1 <- bfi[rownames(people), "N1"]
people$cluster <- (seq_len(900) * 7) %% 83
people$stratum <- people$cluster %% 4
people$weight <- 0.5 + (seq_len(900) %% 5) / 2
people$segment <- factor(people$education)
design <- svydesign(~cluster, strata = ~stratum, weights = ~weight, data = people)
by_segment <- lm(agreeable ~ (extraverted + neurotic) * segment + age, people)
by_segment_design <- svyglm(agreeable ~ (extraverted + neurotic) * segment + age, design)
own <- lm(agreeable ~ segment + segment:extraverted + segment:neurotic + age, people)
own_design <- svyglm(agreeable ~ segment + segment:extraverted + segment:neurotic + age, design)
places <- function(driver) paste0("segment", 1:5, ":", driver)
slopes_of <- function(fit, v, driver) {
  list(b = numbers(coef(fit)[places(driver)]), std_error = numbers(sqrt(diag(v))[places(driver)]))
}
term_test <- function(fit, term) {
  found <- regTermTest(fit, term)
  list(f = found$Ftest[[1]], df1 = found$df, df2 = found$ddf, p_value = found$p[[1]])
}
interactions <- function(driver) grep(paste0("^", driver, ":segment"), names(coef(by_segment)), value = TRUE)
p_plain <- vapply(c("extraverted", "neurotic"), function(d) robust(by_segment, interactions(d))$p_value, 0)

few <- people[people$cluster < 12, ]
clustered <- lm(agreeable ~ extraverted + neurotic, few)
clustered_weighted <- lm(agreeable ~ extraverted + neurotic, few, weights = few$weight)
category <- lm(agreeable ~ extraverted + age + n1, people)
category_bent <- lm(agreeable ~ extraverted + age + factor(n1), people)

folds <- (seq_len(102) * 5) %% 7
out_of_sample <- function(weights) {
  squared <- 0
  around <- 0
  for (f in unique(folds)) {
    train <- folds != f
    part <- prestige[train, ]
    part$w <- weights[train]
    fitted_part <- lm(prestige ~ education + income + women, part, weights = w)
    test <- prestige[!train, ]
    w_test <- weights[!train]
    squared <- squared + sum(w_test * (test$prestige - predict(fitted_part, test))^2)
    around <- around + sum(w_test * (test$prestige - weighted.mean(part$prestige, part$w))^2)
  }
  list(r2 = 1 - squared / around, rmse = sqrt(squared / sum(weights)))
}

values <- list(
  prestige = list(
    belsley = belsley(prestige[terms]), vif = numbers(vif(fit)), influence = influence_of(fit),
    influence_weighted = influence_of(weighted),
    breusch_pagan = chi2(bptest(fit, studentize = FALSE)), koenker = chi2(bptest(fit)),
    white = chi2(bptest(fit, squares, data = prestige)),
    reset_classical = with(resettest(fit, power = 2:3), list(
      f = statistic[[1]], df1 = parameter[[1]], df2 = parameter[[2]], p_value = p.value[[1]]
    )),
    reset_robust = robust(lm(prestige ~ education + income + women + p2 + p3, powers), c("p2", "p3")),
    spline_classical = anova_of(lm(prestige ~ education + women + income, prestige), bent),
    spline_robust = robust(
      lm(prestige ~ education + women + income + h1 + h2, transform(prestige, h1 = harrell[, 1], h2 = harrell[, 2])),
      c("h1", "h2")
    ),
    cross_validation = list(plain = out_of_sample(rep(1, 102)), weighted = out_of_sample(rep(c(1, 2, 0.5), length.out = 102)))
  ),
  categories = list(
    classical = anova_of(category, category_bent),
    robust = robust(
      lm(agreeable ~ extraverted + age + n1 + I(n1 == 2) + I(n1 == 3) + I(n1 == 4) + I(n1 == 5), people),
      paste0("I(n1 == ", 2:5, ")TRUE")
    ),
    design = term_test(
      svyglm(agreeable ~ extraverted + age + n1 + i2 + i3 + i4 + i5, update(design,
        i2 = as.numeric(n1 == 2), i3 = as.numeric(n1 == 3), i4 = as.numeric(n1 == 4), i5 = as.numeric(n1 == 5)
      )),
      ~ i2 + i3 + i4 + i5
    )
  ),
  clusters = list(
    rows = nrow(few),
    cr1 = rows(vcovCL(clustered, few$cluster, type = "HC1")),
    cr2 = rows(as.matrix(vcovCR(clustered, few$cluster, "CR2"))),
    cr1_weighted = rows(vcovCL(clustered_weighted, few$cluster, type = "HC1")),
    cr2_weighted = rows(as.matrix(vcovCR(clustered_weighted, few$cluster, "CR2"))),
    design = rows(vcov(svyglm(agreeable ~ extraverted + neurotic + age, design))),
    design_b = numbers(coef(svyglm(agreeable ~ extraverted + neurotic + age, design))),
    design_without_clusters = rows(vcov(svyglm(
      agreeable ~ extraverted + neurotic + age, svydesign(~1, strata = ~stratum, weights = ~weight, data = people)
    )))
  ),
  segments = list(
    n = numbers(table(people$segment)),
    extraverted = slopes_of(own, vcovHC(own, "HC3"), "extraverted"),
    neurotic = slopes_of(own, vcovHC(own, "HC3"), "neurotic"),
    tests = list(
      extraverted = robust(by_segment, interactions("extraverted")),
      neurotic = robust(by_segment, interactions("neurotic")),
      overall = robust(by_segment, c(interactions("extraverted"), interactions("neurotic")))
    ),
    p_holm = numbers(p.adjust(p_plain, "holm")),
    design_extraverted = slopes_of(own_design, vcov(own_design), "extraverted"),
    design_neurotic = slopes_of(own_design, vcov(own_design), "neurotic"),
    design_tests = list(
      extraverted = term_test(by_segment_design, ~ extraverted:segment),
      neurotic = term_test(by_segment_design, ~ neurotic:segment)
    )
  )
)
write_reference(
  "../diagnostics.json", c("car", "lmtest", "sandwich", "clubSandwich", "survey", "psych"),
  call = paste(
    "hatvalues(), cooks.distance(), dffits(), rstudent(); bptest(), resettest(); vcovCL(), vcovCR(), svyglm(); vif(),",
    "linearHypothesis(white.adjust = 'hc3'), regTermTest(); Belsley and cross-validation written out"
  ),
  script = "tests/reference/scripts/diagnostics.R",
  data = paste(
    "carData::Prestige (income in thousands); 900 complete rows of psych::bfi with made-up weights, strata and clusters"
  ),
  citation = "Belsley, Kuh and Welsch (1980); Koenker (1981); Ramsey (1969); Bell and McCaffrey (2002); Binder (1983)",
  rtol = 1e-9, why = "closed forms",
  values = values
)
