# Rscript validity2.R  ->  ../validity2.json
# Skew and kurtosis by psych; Cohen's d, Welch's and the design's t; rank correlation; marker adjustment by hand.
source("reference_file.R")
suppressPackageStartupMessages({
  library(psych)
  library(survey)
})

one_item <- function(name) {
  x <- na.omit(bfi[[name]])
  list(counts = as.integer(table(factor(x, 1:6))), skew = skew(x, type = 2), kurtosis = kurtosi(x, type = 2))
}
items <- c("N1", "A1", "O4")

# known groups: women score higher on agreeableness
keyed <- bfi
for (item in c("A1")) keyed[[item]] <- 7 - keyed[[item]]
complete <- na.omit(keyed[c(paste0("A", 1:5), "gender", "age", "N1")])[1:400, ]
complete$score <- rowMeans(complete[paste0("A", 1:5)])
women <- complete$score[complete$gender == 2]
men <- complete$score[complete$gender == 1]
plain <- t.test(women, men)
pooled <- sqrt(((length(women) - 1) * var(women) + (length(men) - 1) * var(men)) / (nrow(complete) - 2))

complete$w <- 1 + (seq_len(nrow(complete)) %% 4)
complete$psu <- rep(seq_len(40), each = 10)
complete$layer <- rep(1:2, each = 200)
complete$woman <- as.integer(complete$gender == 2)
weighted <- svydesign(id = ~psu, strata = ~layer, weights = ~w, data = complete)
tested <- svyttest(score ~ woman, weighted)
spread <- function(part) { # as svyvar: divisor n - 1 after scaling the weights to mean 1
  w <- part$w / sum(part$w)
  sum(w * (part$score - sum(w * part$score))^2)
}
share <- sum(complete$w[complete$woman == 1]) / sum(complete$w)
pooled_weighted <- sqrt(
  (share * spread(complete[complete$woman == 1, ]) + (1 - share) * spread(complete[complete$woman == 0, ])) *
    nrow(complete) / (nrow(complete) - 2)
)
weighted_d <- as.numeric(tested$estimate) / pooled_weighted

# ranks: weights repeat rows
long <- complete[rep(seq_len(nrow(complete)), complete$w), ]

corr <- cor(complete[paste0("A", 1:5)])
marker <- sort(cor(complete$N1, complete[paste0("A", 1:5)]))
smallest <- 0.05
adjusted <- (corr - smallest) / (1 - smallest)
values <- list(
  items = setNames(lapply(items, one_item), items),
  known_groups = list(
    d = (mean(women) - mean(men)) / pooled, t = as.numeric(plain$statistic), df = as.numeric(plain$parameter),
    p = plain$p.value,
    weighted_d = weighted_d, weighted_t = as.numeric(tested$statistic), weighted_df = as.numeric(tested$parameter),
    weighted_p = as.numeric(tested$p.value)
  ),
  criterion = list(
    pearson = cor(complete$score, complete$age), spearman = cor(complete$score, complete$age, method = "spearman"),
    weighted_pearson = cov.wt(complete[c("score", "age")], wt = complete$w, cor = TRUE)$cor[1, 2],
    weighted_spearman = cor(long$score, long$age, method = "spearman")
  ),
  marker = list(r = rows(corr), marker = smallest, adjusted = rows(adjusted))
)
write_reference(
  "../validity2.json", c("psych", "survey"),
  call = paste(
    "skew(x, type = 2); kurtosi(x, type = 2); t.test(); svyttest(); cor(method = 'spearman');",
    "(r - r_m) / (1 - r_m)"
  ),
  script = "tests/reference/scripts/validity2.R",
  data = "psych::bfi: frequencies of N1, A1, O4; the first 400 complete in A1 to A5, gender, age and N1, A1 reversed",
  citation = "Joanes and Gill (1998); Cohen (1988); Lindell and Whitney (2001) JAP 86:114-121",
  rtol = 1e-9,
  why = "closed forms",
  values = values
)
