# Rscript scores.R  ->  ../scores.json
# Shares, quantiles and ratios with the errors of their designs, on the Californian school data (api) without finite
# population correction; trimmed means on the enrolments of two samples.
source("reference_file.R")
suppressPackageStartupMessages(library(survey))
data(api)

designs <- list(
  simple = svydesign(id = ~1, weights = ~rep(1, 200), data = apisrs),
  stratified = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat),
  clustered = svydesign(id = ~dnum, weights = ~pw, data = apiclus1)
)
shares <- list(high = ~ I(api00 > 700), few = ~ I(api00 > 850), most = ~ I(api00 > 480))

share_of <- function(formula, design) {
  found <- svyciprop(formula, design, method = "beta")
  list(
    estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)), df = degf(design),
    n = nrow(design), interval = numbers(confint(found))
  )
}
quantiles_of <- function(variable, design, qrule = "school", type = "beta") {
  found <- svyquantile(reformulate(variable), design, c(0.25, 0.5, 0.75), interval.type = type, qrule = qrule)[[1]]
  list(estimate = numbers(found[, 1]), low = numbers(found[, 2]), high = numbers(found[, 3]), std_error = numbers(found[, 4]))
}
ratio_of <- function(over, under, design) {
  found <- svyratio(reformulate(over), reformulate(under), design)
  list(estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)), df = degf(design))
}
# Tukey and McLaughlin: winsorised variance over the squared part that is kept; degrees of freedom of what is kept
trimmed_of <- function(x, trim) {
  x <- sort(x)
  n <- length(x)
  g <- n * trim
  stopifnot(g == round(g))
  w <- pmin(pmax(x, x[g + 1]), x[n - g])
  se <- sqrt(sum((w - mean(w))^2) / (n - 1)) / ((1 - 2 * trim) * sqrt(n))
  reach <- qt(0.975, n - 2 * g - 1) * se
  centre <- mean(x, trim = trim)
  list(estimate = centre, std_error = se, df = n - 2 * g - 1, interval = numbers(centre + c(-reach, reach)))
}
one_design <- function(design) {
  list(
    shares = lapply(shares, share_of, design = design),
    elementary = share_of(~ I(api00 > 700), subset(design, stype == "E")),
    quantiles = list(
      api00 = quantiles_of("api00", design), enroll = quantiles_of("enroll", design),
      elementary = quantiles_of("enroll", subset(design, stype == "E"))
    ),
    ratios = list(
      stu = ratio_of("api.stu", "enroll", design), elementary = ratio_of("api.stu", "enroll", subset(design, stype == "E")),
      api = ratio_of("api00", "api99", design)
    )
  )
}
columns <- function(data) {
  list(
    api00 = data$api00, api99 = data$api99, enroll = data$enroll, api_stu = data$api.stu, pw = data$pw,
    elementary = as.integer(data$stype == "E")
  )
}
post <- postStratify(designs$clustered, ~stype, data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)))
values <- list(
  calibrated = list(
    high = share_of(shares$high, post), enroll = quantiles_of("enroll", post), stu = ratio_of("api.stu", "enroll", post),
    elementary = ratio_of("api.stu", "enroll", subset(post, stype == "E"))
  ),
  data = list(
    simple = columns(apisrs),
    stratified = c(columns(apistrat), list(stratum = as.integer(apistrat$stype))),
    clustered = c(columns(apiclus1), list(cluster = apiclus1$dnum, stype = as.integer(apiclus1$stype) - 1L))
  ),
  designs = lapply(designs, one_design),
  trimmed = list(
    enroll10 = trimmed_of(apisrs$enroll, 0.1), enroll20 = trimmed_of(apisrs$enroll, 0.2), stu05 = trimmed_of(apisrs$api.stu, 0.05)
  )
)
write_reference(
  "../scores.json", "survey",
  call = "svyciprop(method = 'beta'), svyquantile(qrule = 'school', interval.type = 'beta'), svyratio(), mean(trim)",
  script = "tests/reference/scripts/scores.R", data = "survey::api (apisrs, apistrat, apiclus1)",
  citation = "Lumley (2010) Complex Surveys; Korn and Graubard (1998); Woodruff (1952); Tukey and McLaughlin (1963)",
  rtol = 1e-9, why = "closed forms; beta quantiles by two implementations agree to 1e-8",
  values = values
)
