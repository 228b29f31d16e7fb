# Rscript nonresponse.R  ->  ../nonresponse.json
# Response propensities by glm, classes by quantile and cut, weights by the class's weighted response rate; and AAPOR's
# outcome rates written out.
source("reference_file.R")
suppressPackageStartupMessages(library(survey))
data(api)

# The population of Californian schools as a sample that was drawn; whether a school responds depends on its kind and
# on its meals, by a rule without random numbers.
schools <- apipop[order(apipop$cds), ][seq(1, 6194, by = 18), ]
schools <- schools[!is.na(schools$meals), ]
n <- nrow(schools)
turn <- (seq_len(n) * 0.6180339887498949) %% 1
responded <- turn < 0.75 - 0.004 * schools$meals - 0.15 * (schools$stype == "H")
weight <- ifelse(schools$stype == "E", 3, ifelse(schools$stype == "M", 1.5, 1))
frame <- data.frame(responded = responded, stype = schools$stype, meals = schools$meals, weight = weight)

tight <- glm.control(epsilon = 1e-14, maxit = 100)
model <- function(data, weights) {
  data$w <- weights / mean(weights)
  fit <- suppressWarnings(glm(responded ~ stype + meals, binomial, data, weights = w, control = tight))
  list(coefficients = numbers(coef(fit)), propensity = as.numeric(fitted(fit)))
}
classes <- function(p, k) {
  as.integer(cut(p, unique(quantile(p, 0:k / k)), include.lowest = TRUE))
}
table_of <- function(class, responded, weights) {
  rate <- tapply(weights * responded, class, sum) / tapply(weights, class, sum)
  list(
    n = numbers(table(class)), respondents = numbers(tapply(responded, class, sum)), rate = numbers(rate),
    factor = numbers(1 / rate)
  )
}
plain <- model(frame, rep(1, n))
weighted <- model(frame, weight)
five <- classes(round(weighted$propensity, 12), 5)
ten <- classes(round(plain$propensity, 12), 10)
adjusted <- weight / with(frame, (tapply(weight * responded, five, sum) / tapply(weight, five, sum))[five])
used <- adjusted[responded]

# Dispositions of three samples, with the formulas of the Standard Definitions.
rates <- function(x, e) {
  with(as.list(x), {
    all <- I + P + R + NC + O + UH + UO
    part <- I + P + R + NC + O + e * (UH + UO)
    known <- I + P + R + NC + O
    spoken <- I + P + R + O
    c(
      rr1 = I / all, rr2 = (I + P) / all, rr3 = I / part, rr4 = (I + P) / part, rr5 = I / known, rr6 = (I + P) / known,
      coop1 = I / spoken, coop2 = (I + P) / spoken, coop3 = I / (I + P + R), coop4 = (I + P) / (I + P + R),
      ref1 = R / all, ref2 = R / part, ref3 = R / known, con1 = spoken / all, con2 = spoken / part, con3 = spoken / known
    )
  })
}
samples <- list(
  telephone = c(I = 1004, P = 61, R = 1893, NC = 1210, O = 157, UH = 6022, UO = 911, NE = 4750),
  web = c(I = 412, P = 38, R = 95, NC = 0, O = 12, UH = 0, UO = 1443, NE = 37),
  face = c(I = 780, P = 0, R = 244, NC = 131, O = 45, UH = 0, UO = 0, NE = 60)
)
e_of <- function(x) with(as.list(x), (I + P + R + NC + O) / (I + P + R + NC + O + NE))
outcomes <- lapply(samples, function(x) {
  list(counts = as.list(x), e = e_of(x), cases = as.list(rates(x, e_of(x))), stated = as.list(rates(x, 0.6)))
})

values <- list(
  frame = list(
    responded = as.integer(responded), stype = as.character(schools$stype), meals = schools$meals, weight = weight
  ),
  plain = plain, weighted = weighted, five = five, ten = ten,
  table_five = table_of(five, responded, weight), table_ten = table_of(ten, responded, rep(1, n)),
  adjusted_weights = as.numeric(used / mean(used)), adjusted_mean = weighted.mean(schools$api00[responded], used),
  api00 = schools$api00, outcomes = outcomes
)
write_reference(
  "../nonresponse.json", c("survey"),
  "glm(binomial, weights), quantile(type 7), cut(include.lowest), tapply; formulas of AAPOR written out",
  "tests/reference/scripts/nonresponse.R", "survey::api (apipop, every 18th school)",
  "AAPOR (2023) Standard Definitions, 10th edition; Little (1986) Int. Stat. Rev. 54, 139-157",
  1e-9, "closed forms; propensities by Newton steps to machine precision on both sides", values
)
