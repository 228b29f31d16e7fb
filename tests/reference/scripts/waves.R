# Rscript waves.R  ->  ../waves.json
# Changes between two waves: independent samples and the same schools twice, simple, stratified and clustered.
source("reference_file.R")
suppressPackageStartupMessages(library(survey))
data(api)

likely <- function(x) pmin(10, floor((x - 300) / 55))
balance <- function(x) 100 * ((likely(x) >= 9) - (likely(x) <= 6))
high <- function(x) as.numeric(x >= 700)
measures <- list(mean = identity, share = high, nps = balance)
interval <- function(change, error, df) {
  t <- change / error
  reach <- qt(0.975, df) * error
  list(
    change = change, std_error = error, df = df, t = t, p_value = 2 * pt(-abs(t), df),
    conf_low = change - reach, conf_high = change + reach
  )
}

# Two simple random samples: Welch; of shares the interval of Agresti and Caffo on effective sizes, which are n/D with
# the design effect D of the error with divisor n - 1.
old <- apisrs[1:90, "api99"]
new <- apisrs[91:200, "api00"]
welch <- function(f) {
  found <- t.test(f(new), f(old))
  interval(mean(f(new)) - mean(f(old)), unname(found$stderr), unname(found$parameter))
}
caffo <- function() {
  n <- c(length(new), length(old))
  p <- c(mean(high(new)), mean(high(old)))
  found <- welch(high)
  textbook <- diff(rev((n * p + 1) / (n + 2)))
  n <- n / (found$std_error^2 / sum(p * (1 - p) / n))
  q <- (n * p + 1) / (n + 2)
  error <- sqrt(sum(q * (1 - q) / (n + 2)))
  c(interval(q[1] - q[2], error, found$df), list(plain = p[1] - p[2], textbook = textbook))
}
simple <- list(old = old, new = new, mean = welch(identity), share = caffo(), nps = welch(balance))

# A clustered and a stratified sample with weights, stacked: delete-one jackknife within wave and stratum.
first <- with(apiclus1, data.frame(
  wave = "old", stratum = "all", unit = paste("c", dnum), weight = pw, y = api99, awards = as.character(awards)
))
second <- with(apistrat, data.frame(
  wave = "new", stratum = as.character(stype), unit = paste("s", seq_along(pw)), weight = pw, y = api00,
  awards = as.character(awards)
))
stacked <- rbind(first, second)
stacked$layer <- paste(stacked$wave, stacked$stratum)
for (name in names(measures)) stacked[[name]] <- measures[[name]](stacked$y)
design <- svydesign(ids = ~unit, strata = ~layer, weights = ~weight, data = stacked)
jack <- as.svrepdesign(design, type = "JKn", mse = TRUE)
compared <- function(name, part = NULL) {
  some <- if (is.null(part)) jack else subset(jack, awards == part)
  by <- svyby(as.formula(paste("~", name)), ~wave, some, svymean, covmat = TRUE)
  change <- svycontrast(by, c(old = -1, new = 1))
  domain <- if (is.null(part)) design else subset(design, awards == part)
  errors <- c(SE(by)[rownames(by) == "old"], SE(by)[rownames(by) == "new"])
  df <- c(degf(subset(domain, wave == "old")), degf(subset(domain, wave == "new")))
  satterthwaite <- sum(errors^2)^2 / sum(errors^4 / df)
  c(
    interval(unname(coef(change)), unname(as.numeric(SE(change))), satterthwaite),
    list(estimate = unname(coef(by)["new"]), other = unname(coef(by)["old"]), errors = unname(errors))
  )
}
complex <- list(
  first = first[c("unit", "weight", "y", "awards")], second = second[c("stratum", "weight", "y", "awards")],
  mean = compared("mean"), share = compared("share"), nps = compared("nps"), mean_awarded = compared("mean", "Yes")
)

# The same schools twice.
panel <- function(design) {
  one <- function(f) {
    design <- update(design, change = f(api00) - f(api99))
    found <- svymean(~change, design)
    interval(unname(coef(found)), unname(as.numeric(SE(found))), degf(design))
  }
  lapply(measures, one)
}
student <- function(f) {
  found <- t.test(f(apisrs$api00), f(apisrs$api99), paired = TRUE)
  interval(unname(found$estimate), unname(found$stderr), unname(found$parameter))
}
min_agresti <- function() {
  up <- sum(high(apisrs$api00) > high(apisrs$api99))
  down <- sum(high(apisrs$api00) < high(apisrs$api99))
  n <- nrow(apisrs)
  plain <- (up - down) / n
  moved <- (up + down) / n
  size <- n / (student(high)$std_error^2 / ((moved - plain^2) / n))
  centre <- plain * size / (size + 2)
  error <- sqrt(((moved * size + 1) / (size + 2) - centre^2) / (size + 2))
  c(interval(centre, error, n - 1), list(plain = plain, textbook = (up - down) / (n + 2)))
}
both <- function(data, ...) c(list(then = data$api99, now = data$api00, weight = data$pw), list(...))
jkn <- function(...) as.svrepdesign(svydesign(...), type = "JKn", mse = TRUE)
jk1 <- function(...) as.svrepdesign(svydesign(...), type = "JK1", mse = TRUE)
strat <- panel(jkn(ids = ~1, strata = ~stype, weights = ~pw, data = apistrat))
clus <- panel(jk1(ids = ~dnum, weights = ~pw, data = apiclus1))
panels <- list(
  simple = c(both(apisrs), list(mean = student(identity), share = min_agresti(), nps = student(balance))),
  stratified = c(both(apistrat, stratum = as.integer(apistrat$stype)), strat["mean"], strat["nps"]),
  clustered = c(both(apiclus1, cluster = apiclus1$dnum), clus["mean"], clus["nps"])
)

write_reference(
  "../waves.json", "survey",
  "t.test, svyby, svycontrast, svymean on as.svrepdesign(type = 'JKn' or 'JK1', mse = TRUE); Agresti-Caffo and Agresti-Min by formula",
  "waves.R", "Californian schools in R survey (api)",
  "Agresti and Caffo 2000; Agresti and Min 2005; Lumley, survey", 1e-9,
  "closed forms, and the delete-one jackknife, which is the same sum in both",
  list(simple = simple, complex = complex, panels = panels)
)
