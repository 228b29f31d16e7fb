# Rscript calibration.R  ->  ../calibration.json
# Raking, linear and logit calibration, post-stratification of Californian schools to the population's known totals.
source("reference_file.R")
suppressPackageStartupMessages(library(survey))
data(api)

frame <- apisrs
plain <- svydesign(id = ~1, weights = ~pw, data = frame)
clustered <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1)
stratified <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat)
margins <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = 5122)
with_score <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
tight <- list(epsilon = 1e-13, maxit = 200)
raked <- function(design, ...) calibrate(design, ~stype + sch.wide, margins, calfun = "raking", epsilon = 1e-13, maxit = 200, ...)
one <- function(design) {
  mean <- svymean(~enroll + api00, design)
  total <- svytotal(~enroll, design)
  list(
    weights = as.numeric(weights(design)), mean = as.numeric(coef(mean)), std_error = as.numeric(SE(mean)),
    total = as.numeric(coef(total)), total_error = as.numeric(SE(total))
  )
}
by_wide <- function(design) {
  found <- svyby(~enroll, ~sch.wide, design, svymean)
  list(mean = as.numeric(coef(found)), std_error = as.numeric(SE(found)))
}
sample_of <- function(data, cluster = NULL, stratum = NULL) {
  list(
    stype = as.integer(data$stype) - 1L, wide = as.integer(data$sch.wide) - 1L, pw = data$pw, enroll = data$enroll,
    api99 = data$api99, api00 = data$api00, cluster = cluster, stratum = stratum
  )
}
bounded <- calibrate(plain, ~stype + sch.wide, margins, calfun = "linear", bounds = c(0.92, 1.1), epsilon = 1e-13, maxit = 200)
logit <- calibrate(plain, ~stype + api99, with_score, calfun = "logit", bounds = c(0.7, 1.4), epsilon = 1e-13, maxit = 200)
linear <- calibrate(plain, ~stype + api99, with_score, calfun = "linear")
post <- postStratify(plain, ~stype, data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)))
values <- list(
  apisrs = sample_of(frame),
  apiclus1 = sample_of(apiclus1, cluster = apiclus1$dnum),
  apistrat = sample_of(apistrat, stratum = as.integer(apistrat$stype) - 1L),
  raking = one(raked(plain)), raking_domains = by_wide(raked(plain)),
  raking_clusters = one(raked(clustered)), raking_clusters_domains = by_wide(raked(clustered)),
  raking_strata = one(calibrate(stratified, ~sch.wide, c(`(Intercept)` = 6194, sch.wideYes = 5122), calfun = "raking", epsilon = 1e-13)),
  linear = one(linear), bounded_linear = one(bounded), logit = one(logit), post = one(post)
)
write_reference(
  "../calibration.json", "survey",
  call = "calibrate(design, formula, population, calfun, bounds), postStratify(), svymean(), svytotal(), svyby()",
  script = "tests/reference/scripts/calibration.R", data = "survey::api (apisrs, apistrat, apiclus1)",
  citation = "Lumley (2010) Complex Surveys; Deville and Särndal (1992) JASA 87, 376-382",
  rtol = 1e-9, why = "both solve to machine precision; R's weights by Newton steps to epsilon 1e-13",
  values = values
)
