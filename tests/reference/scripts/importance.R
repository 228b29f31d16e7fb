# Rscript importance.R [folder of the shared data]  ->  ../importance.json
# Everything by its definition: lm() on subsets, orders written out, the SVD of the data, loops over points.
source("reference_file.R")
source("ecsi_constructs.R")
source("all_subsets.R")
suppressPackageStartupMessages(library(MASS))

r_squared <- function(frame, outcome, terms) {
  if (length(terms) == 0) 0 else summary(lm(reformulate(terms, outcome), frame))$r.squared
}
subsets_of <- function(x) lapply(0:(2^length(x) - 1), function(s) x[bitwAnd(s, 2^(seq_along(x) - 1)) > 0])

dominance_tables <- function(frame, outcome, drivers) {
  count <- length(drivers)
  conditional <- matrix(0, count, count)
  complete <- matrix(0.5, count, count)
  for (i in seq_len(count)) {
    for (set in subsets_of(drivers[-i])) {
      gain <- r_squared(frame, outcome, c(set, drivers[i])) - r_squared(frame, outcome, set)
      size <- length(set) + 1
      conditional[i, size] <- conditional[i, size] + gain / choose(count - 1, size - 1)
    }
    for (j in setdiff(seq_len(count), i)) {
      difference <- vapply(subsets_of(drivers[-c(i, j)]), function(set) {
        r_squared(frame, outcome, c(set, drivers[i])) - r_squared(frame, outcome, c(set, drivers[j]))
      }, 0)
      complete[i, j] <- if (all(difference >= 0)) 1 else if (all(difference <= 0)) 0 else 0.5
    }
  }
  list(conditional = rows(conditional), complete = rows(complete), general = numbers(rowMeans(conditional)))
}

# Johnson (2000) from the data: Z = P D Q', the best-fitting orthogonal variables are P Q'
johnson <- function(frame, outcome, drivers) {
  z <- scale(as.matrix(frame[drivers])) / sqrt(nrow(frame) - 1)
  y <- scale(frame[[outcome]]) / sqrt(nrow(frame) - 1)
  parts <- svd(z)
  nearest <- parts$u %*% t(parts$v)
  numbers((cor(frame[drivers], nearest)^2) %*% (crossprod(nearest, y)^2))
}

permutations <- function(x) {
  if (length(x) < 2) return(list(x))
  do.call(c, lapply(seq_along(x), function(i) lapply(permutations(x[-i]), function(rest) c(x[i], rest))))
}
# mean gain over all orders in which no group is interrupted
owen_orders <- function(frame, outcome, groups) {
  known <- new.env()
  value <- function(terms) {
    key <- paste(c("R2", sort(terms)), collapse = " ")
    if (is.null(known[[key]])) known[[key]] <- r_squared(frame, outcome, terms)
    known[[key]]
  }
  inside <- lapply(groups, permutations)
  total <- setNames(numeric(length(unlist(groups))), unlist(groups))
  orders <- 0
  for (outer in permutations(seq_along(groups))) {
    choices <- expand.grid(lapply(inside[outer], seq_along))
    for (row in seq_len(nrow(choices))) {
      order <- unlist(lapply(seq_along(outer), function(k) inside[[outer[k]]][[choices[row, k]]]))
      before <- c(0, vapply(seq_along(order), function(k) value(order[1:k]), 0))
      total[order] <- total[order] + diff(before)
      orders <- orders + 1
    }
  }
  numbers(total / orders)
}

analysis <- function(frame, outcome, drivers, moments = TRUE) {
  fit <- lm(reformulate(drivers, outcome), frame)
  spread <- apply(frame[drivers], 2, sd) / sd(frame[[outcome]])
  values <- list(
    outcome = outcome, drivers = drivers, n = nrow(frame), r2 = summary(fit)$r.squared,
    correlation = numbers(cor(frame[drivers], frame[[outcome]])), beta = numbers(coef(fit)[-1] * spread),
    lmg = numbers(all_subsets_lmg(frame, outcome, as.list(drivers))), johnson = johnson(frame, outcome, drivers),
    dominance = dominance_tables(frame, outcome, drivers)
  )
  if (moments) values$covariance <- rows(cov(frame[c(outcome, drivers)]))
  values
}

# value of every subset: maximised log-likelihood of a logistic regression, first driver the highest bit
logistic_table <- function(frame, outcome, drivers) {
  count <- length(drivers)
  table <- vapply(0:(2^count - 1), function(s) {
    inside <- drivers[bitwAnd(s, 2^(count - seq_len(count))) > 0]
    as.numeric(logLik(glm(reformulate(if (length(inside)) inside else "1", outcome), binomial, frame)))
  }, 0)
  shares <- vapply(seq_len(count), function(i) {
    mean(vapply(permutations(seq_len(count)), function(order) {
      before <- order[seq_len(match(i, order) - 1)]
      code <- function(members) sum(2^(count - members)) + 1
      table[code(c(before, i))] - table[code(before)]
    }, 0))
  }, 0)
  list(outcome = outcome, drivers = drivers, log_likelihood = numbers(table), shapley = numbers(shares))
}

# two dummies a driver in one regression, HC3
contrasts_of <- function(frame, outcome, drivers, low, high, weights = NULL) {
  dummies <- do.call(cbind, lapply(drivers, function(d) cbind(frame[[d]] <= low, frame[[d]] >= high) * 1))
  fit <- if (is.null(weights)) lm(frame[[outcome]] ~ dummies) else lm(frame[[outcome]] ~ dummies, weights = weights)
  v <- hc3(fit)
  b <- unname(coef(fit))
  at <- 2 * seq_along(drivers)
  p <- b[at]
  r <- b[at + 1]
  quantile <- qt(0.975, nrow(frame) - length(b))
  # Fieller: the values c for which (r + p) - c (r - p) is within its interval of zero
  fieller <- t(vapply(seq_along(drivers), function(k) {
    i <- at[k] + 0:1
    s <- rbind(c(1, 1), c(-1, 1)) %*% v[i, i] %*% t(rbind(c(1, 1), c(-1, 1)))
    top <- r[k] + p[k]
    bottom <- r[k] - p[k]
    roots <- polyroot(c(
      top^2 - quantile^2 * s[1, 1], -2 * (top * bottom - quantile^2 * s[1, 2]), bottom^2 - quantile^2 * s[2, 2]
    ))
    sort(Re(roots))
  }, c(0, 0)))
  list(
    low = low, high = high, n = nrow(frame), drivers = drivers, intercept = b[1], penalty = numbers(p),
    reward = numbers(r), penalty_se = numbers(sqrt(diag(v))[at]), reward_se = numbers(sqrt(diag(v))[at + 1]),
    covariance = numbers(v[cbind(at, at + 1)]), asymmetry = numbers((r + p) / (r - p)),
    asymmetry_low = numbers(fieller[, 1]), asymmetry_high = numbers(fieller[, 2])
  )
}

# ceilings: peers are the points that rise above everything to their left; the zone is what is empty above the line
necessity <- function(x, y, scope = c(range(x), range(y)), levels = c(0, 0.25, 0.5, 0.75, 1)) {
  values <- sort(unique(x))
  highest <- cummax(vapply(values, function(v) max(y[x == v]), 0))
  rises <- c(TRUE, diff(highest) > 0)
  px <- values[rises]
  py <- highest[rises]
  edges <- c(scope[1], px, scope[2])
  heights <- c(scope[3], py)
  zone_ce <- sum(diff(edges) * (scope[4] - heights))
  times <- vapply(seq_along(px), function(k) sum(x == px[k] & y == py[k]), 0)
  line <- lm(rep(py, times) ~ rep(px, times))
  a <- unname(coef(line))
  above <- function(v) scope[4] - pmin(pmax(a[1] + a[2] * v, scope[3]), scope[4])
  # the line cut at the scope is linear between its knots
  knots <- sort(unique(pmin(pmax(c(scope[1:2], (scope[3:4] - a[1]) / a[2]), scope[1]), scope[2])))
  zone_cr <- sum(diff(knots) * (above(knots[-1]) + above(knots[-length(knots)])) / 2)
  area <- (scope[2] - scope[1]) * (scope[4] - scope[3])
  wanted <- scope[3] + levels * (scope[4] - scope[3])
  needed_ce <- vapply(wanted, function(w) {
    reach <- px[py >= w - 1e-12]
    if (length(reach) == 0) Inf else if (min(reach) <= scope[1]) NA else min(reach)
  }, 0)
  needed_cr <- (wanted - a[1]) / a[2]
  needed_cr[needed_cr <= scope[1]] <- NA
  needed_cr[needed_cr > scope[2]] <- Inf
  in_json <- function(v) ifelse(is.infinite(v), "beyond", ifelse(is.na(v), "not necessary", as.character(signif(v, 15))))
  list(
    peers_x = numbers(px), peers_y = numbers(py), d_ce = zone_ce / area, d_cr = zone_cr / area,
    intercept = a[1], slope = a[2], accuracy_cr = mean(y <= a[1] + a[2] * x + 1e-9), levels = numbers(levels),
    needed_ce = in_json(needed_ce), needed_cr = in_json(needed_cr)
  )
}

scores <- ecsi_scores(read_ecsi(commandArgs(TRUE)))
bfi <- psych::bfi
bfi <- bfi[complete.cases(bfi[c(paste0("E", 1:5), "C1", "O1", "N1", "A3", "age")]), ]
bfi$outgoing <- rowMeans(cbind(7 - bfi$E1, 7 - bfi$E2, bfi$E3, bfi$E4, bfi$E5))
drivers <- c("A3", "O1", "C1", "N1")
cars_groups <- list(c("disp", "hp", "wt"), c("drat", "qsec"), c("gear"), c("carb", "am"))

values <- list(
  swiss = analysis(swiss, "Fertility", setdiff(names(swiss), "Fertility"), moments = FALSE),
  attitude = analysis(attitude, "rating", setdiff(names(attitude), "rating"), moments = FALSE),
  ecsi_satisfaction = analysis(scores, "satisfaction", c("image", "expectations", "quality", "value")),
  ecsi_loyalty = analysis(scores, "loyalty", c("image", "satisfaction", "complaints")),
  owen = list(
    cars = list(groups = cars_groups, items = owen_orders(mtcars, "mpg", cars_groups)),
    swiss = list(
      groups = list(c("Agriculture", "Catholic"), c("Examination", "Education", "Infant.Mortality")),
      items = owen_orders(swiss, "Fertility", list(
        c("Agriculture", "Catholic"), c("Examination", "Education", "Infant.Mortality")
      ))
    )
  ),
  logistic = logistic_table(birthwt, "low", c("age", "lwt", "smoke", "ht")),
  contrasts = contrasts_of(bfi, "outgoing", drivers, 2, 5),
  contrasts_weighted = contrasts_of(bfi, "outgoing", drivers, 2, 5, weights = bfi$age),
  necessity = list(
    attitude = necessity(attitude$complaints, attitude$rating),
    attitude_theory = necessity(attitude$complaints, attitude$rating, c(30, 100, 30, 90)),
    swiss = necessity(swiss$Infant.Mortality, swiss$Fertility),
    points = necessity(round(attitude$complaints / 15), round(attitude$rating / 15), c(1, 6, 1, 6)),
    cars = necessity(mtcars$drat, mtcars$mpg)
  )
)
write_reference(
  "../importance.json", c("MASS", "psych"),
  call = paste(
    "lm(), glm() on all subsets; dominance, Owen orders, Johnson by svd(), HC3, Fieller and ceiling lines written out"
  ),
  script = "tests/reference/scripts/importance.R",
  data = paste(
    "datasets::swiss, attitude, mtcars; MASS::birthwt; psych::bfi; ECSI mobile: construct mean scores 0-100, moments only"
  ),
  citation = paste(
    "Azen and Budescu (2003) Psychological Methods 8:129-148; Johnson (2000) Multivariate Behavioral Research 35:1-19;",
    "Owen (1977); Dul (2016) Organizational Research Methods 19:10-52; Mikulic and Prebezac (2008) Managing Service Quality 18:559-576"
  ),
  rtol = 1e-9, why = "closed forms, solved from moments here and by QR or SVD there",
  values = values
)
