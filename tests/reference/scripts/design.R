# Rscript design.R  ->  ../design.json
# Finite populations, strata of one unit, and replicate weights of every kind: R survey on its own data.
source("reference_file.R")
suppressPackageStartupMessages(library(survey))
data(api)
data(nhanes)

figures <- function(design, formula = ~api00, deff = FALSE) {
  found <- svymean(formula, design, deff = deff)
  values <- list(estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)), df = degf(design))
  if (!identical(deff, FALSE)) values$deff <- as.numeric(survey::deff(found))
  values
}
by_group <- function(design, formula, by) {
  found <- svyby(formula, by, design, svymean)
  list(group = as.character(found[[1]]), estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)))
}
contrast <- function(design, formula, by) {
  found <- svycontrast(svyby(formula, by, design, svymean, covmat = TRUE), c(1, -1))
  list(estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)))
}
awarded <- function(design) subset(design, awards == "Yes")

# linearised, with finite population correction ------------------------------------------------------------------------
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
srs <- svydesign(id = ~1, data = apisrs, fpc = ~fpc)
apiclus1$own <- 757 / 15
clus <- svydesign(id = ~dnum, weights = ~own, data = apiclus1, fpc = ~fpc)
sizes <- 3 * tapply(apistrat$dnum, apistrat$stype, function(x) length(unique(x)))
apistrat$clusters <- as.numeric(sizes[as.character(apistrat$stype)])
both <- svydesign(id = ~dnum, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~clusters, nest = TRUE)
# one high school alone in its stratum: certainty; and a domain with one school in a stratum
lone <- apistrat[c(which(apistrat$stype != "H"), which(apistrat$stype == "H")[1]), ]
options(survey.lonely.psu = "certainty")
certain <- figures(svydesign(id = ~1, strata = ~stype, weights = ~pw, data = lone))
options(survey.lonely.psu = "adjust")
own <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = lone)
finite_own <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = lone, fpc = ~fpc)
glm <- svyglm(api00 ~ ell + meals, own)
centred <- list(mean = figures(own), finite = figures(finite_own), awarded = figures(awarded(own)),
                linear_se = numbers(SE(glm)))
options(survey.lonely.psu = "fail")
few <- apistrat$stype != "M" | seq_along(apistrat$stype) == which(apistrat$stype == "M")[1]
domain <- subset(strat, few)

# regressions: least squares, logistic
regressed <- function(design) {
  linear <- svyglm(api00 ~ ell + meals, design)
  logistic <- svyglm(I(awards == "Yes") ~ ell + meals, design, family = quasibinomial(), epsilon = 1e-14, maxit = 100)
  both <- svyttest(api00 ~ awards, design)
  list(linear = numbers(coef(linear)), linear_se = numbers(SE(linear)), logistic = numbers(coef(logistic)),
       logistic_se = numbers(SE(logistic)), t = as.numeric(both$statistic), t_df = as.numeric(both$parameter))
}

# replicate weights: factors by unit ---------------------------------------------------------------------------------------
replicates <- function(design, data, unit, formula, by, domain) {
  weights <- weights(design, "analysis")
  sampling <- weights(design, "sampling")
  factor <- weights / sampling
  first <- !duplicated(unit)
  list(
    unit = as.integer(match(unit, unit[first])),
    factor = lapply(seq_len(ncol(factor)), function(b) as.numeric(factor[first, b])),
    weights = as.numeric(sampling), scale = design$scale, rscales = as.numeric(design$rscales),
    y = as.numeric(model.frame(formula, data, na.action = na.pass)[[1]]),
    group = as.integer(as.factor(model.frame(by, data, na.action = na.pass)[[1]])),
    mean = figures(design, formula, deff = "replace"),
    groups = by_group(design, formula, by), contrast = contrast(design, formula, by),
    df_domain = degf(domain(design))
  )
}
cluster <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1)
jk1 <- as.svrepdesign(cluster, type = "JK1", mse = TRUE)
small <- do.call(rbind, lapply(split(apistrat, apistrat$stype), head, 10))
stratified <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = small)
jkn <- as.svrepdesign(stratified, type = "JKn", mse = TRUE)
finite <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = small, fpc = ~fpc)
jkn_fpc <- as.svrepdesign(finite, type = "JKn", mse = TRUE)
set.seed(20261122)
boot <- as.svrepdesign(cluster, type = "subbootstrap", replicates = 40, mse = TRUE)
paired <- ave(nhanes$SDMVPSU, nhanes$SDMVSTRA, FUN = function(x) length(unique(x))) == 2
people <- nhanes[paired & !is.na(nhanes$HI_CHOL), ]
people <- people[seq(1, nrow(people), by = 30), ]
people$unit <- paste(people$SDMVSTRA, people$SDMVPSU)
people <- people[ave(people$SDMVPSU, people$SDMVSTRA, FUN = function(x) length(unique(x))) == 2, ]
halves <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, data = people, nest = TRUE)
brr <- as.svrepdesign(halves, type = "BRR", mse = TRUE)
fay <- as.svrepdesign(halves, type = "Fay", fay.rho = 0.3, mse = TRUE)

# replicates calibrated like the sample
margin <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018)
raked <- calibrate(jk1, ~stype, population = margin, calfun = "raking", epsilon = 1e-13, maxit = 200)

values <- list(
  apistrat = list(
    stype = as.character(apistrat$stype), sizes = as.list(table(apipop$stype)[c("E", "H", "M")]),
    mean = figures(strat, deff = TRUE), awarded = figures(awarded(strat), deff = TRUE), stypes = by_group(strat, ~enroll, ~stype),
    groups = by_group(strat, ~api00, ~awards), enroll = as.numeric(apistrat$enroll),
    ell = as.numeric(apistrat$ell), meals = as.numeric(apistrat$meals), regression = regressed(strat),
    clustered_regression = regressed(both),
    clusters = as.numeric(apistrat$clusters), clustered = figures(both), clustered_awarded = figures(awarded(both)),
    few = as.integer(few), domain = figures(domain)
  ),
  apisrs = list(api00 = as.numeric(apisrs$api00), awards = as.integer(apisrs$awards == "Yes"), fpc = apisrs$fpc[1],
                mean = figures(srs, deff = TRUE), groups = by_group(srs, ~api00, ~awards)),
  apiclus1 = list(mean = figures(clus, deff = TRUE), awarded = figures(awarded(clus)), districts = 757),
  certain = list(api00 = as.numeric(lone$api00), pw = lone$pw, stratum = as.integer(lone$stype), mean = certain,
                 awards = as.integer(lone$awards == "Yes"), ell = as.numeric(lone$ell), meals = as.numeric(lone$meals),
                 fpc = as.numeric(lone$fpc), centred = centred),
  jk1 = c(replicates(jk1, apiclus1, apiclus1$dnum, ~api00, ~awards, awarded),
          list(stype = as.integer(apiclus1$stype), raked = figures(raked, deff = FALSE), shares = as.numeric(c(4421, 755, 1018)))),
  jkn = replicates(jkn, small, seq_len(nrow(small)), ~api00, ~awards, awarded),
  jkn_fpc = c(replicates(jkn_fpc, small, seq_len(nrow(small)), ~api00, ~awards, awarded), list(stype = as.integer(small$stype))),
  bootstrap = replicates(boot, apiclus1, apiclus1$dnum, ~api00, ~awards, awarded),
  brr = replicates(brr, people, people$unit, ~HI_CHOL, ~RIAGENDR, function(d) subset(d, RIAGENDR == 1)),
  fay = replicates(fay, people, people$unit, ~HI_CHOL, ~RIAGENDR, function(d) subset(d, RIAGENDR == 1))
)
write_reference(
  "../design.json", "survey",
  call = "svymean, svyby, svycontrast, degf, deff of svydesign(fpc =) and of as.svrepdesign(type =, mse = TRUE)",
  script = "tests/reference/scripts/design.R", data = "survey::api, survey::nhanes",
  citation = "Lumley (2010) Complex Surveys; Rao and Wu (1988) JASA 83, 231-241",
  rtol = 1e-9, why = "closed forms",
  values = values
)
