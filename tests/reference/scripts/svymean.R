# Rscript svymean.R  ->  ../svymean.json
# Design-based means of the Californian school data (api) without finite population correction.
source("reference_file.R")
suppressPackageStartupMessages(library(survey))
data(api)

one_mean <- function(design, variable = "api00") {
  found <- svymean(reformulate(variable), design)
  list(estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)), df = degf(design))
}
stratified <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat)
clustered <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1)
# clusters within strata: districts of the stratified sample, those in strata of their own kept apart
both <- svydesign(id = ~dnum, strata = ~stype, weights = ~pw, data = apistrat, nest = TRUE)
awarded <- function(design) subset(design, awards == "Yes")
values <- list(
  apistrat = list(
    api00 = apistrat$api00, enroll = apistrat$enroll, pw = apistrat$pw, stratum = as.integer(apistrat$stype),
    cluster = apistrat$dnum, awards = as.integer(apistrat$awards == "Yes"),
    mean = one_mean(stratified), enroll_mean = one_mean(stratified, "enroll"), mean_awards = one_mean(awarded(stratified)),
    clustered_mean = one_mean(both), clustered_mean_awards = one_mean(awarded(both))
  ),
  apiclus1 = list(
    api00 = apiclus1$api00, pw = apiclus1$pw, cluster = apiclus1$dnum, awards = as.integer(apiclus1$awards == "Yes"),
    mean = one_mean(clustered), mean_awards = one_mean(awarded(clustered)),
    interval = numbers(confint(svymean(~api00, clustered), df = degf(clustered)))
  )
)
write_reference(
  "../svymean.json", "survey",
  call = "svymean(~api00, svydesign(id, strata, weights, data)), subset(design, awards == 'Yes'), degf()",
  script = "tests/reference/scripts/svymean.R", data = "survey::api (apistrat, apiclus1)",
  citation = "Lumley (2010) Complex Surveys; California Department of Education, Academic Performance Index 2000",
  rtol = 1e-10, why = "closed forms",
  values = values
)
