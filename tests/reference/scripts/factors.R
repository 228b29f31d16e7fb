# Rscript factors.R [folder of the shared data]  ->  ../factors.json
# Sampling adequacy, number of factors, exploratory factors and Schmid-Leiman omega of R psych and GPArotation.
source("reference_file.R")
source("ecsi_constructs.R")
suppressPackageStartupMessages({
  library(psych)
  library(GPArotation)
})

quiet <- function(expression) suppressMessages(suppressWarnings(expression))

one_solution <- function(corr, n, nfactors, fm, rotate, ...) {
  fit <- quiet(fa(corr, nfactors, n.obs = n, fm = fm, rotate = rotate, ...))
  phi <- if (is.null(fit$Phi)) diag(nfactors) else fit$Phi
  list(
    loadings = rows(unclass(fit$loadings)), phi = rows(phi), communality = numbers(fit$communality),
    chi2 = fit$STATISTIC, df = fit$dof, p = fit$PVAL, rmsea = numbers(fit$RMSEA[1:3]), tli = fit$TLI, bic = fit$BIC,
    rmsr = fit$rms
  )
}

# psych::Promax on given loadings, with the varimax run to its end; normalise as psych::kaiser
tight_promax <- function(bare, normalise) {
  length <- if (normalise) sqrt(rowSums(bare^2)) else 1
  x <- unclass(varimax(bare / length, normalize = TRUE, eps = 1e-14)$loadings)
  turn <- lm.fit(x, x * abs(x)^3)$coefficients
  turn <- turn %*% diag(sqrt(diag(solve(t(turn) %*% turn))))
  list(loadings = rows(length * (x %*% turn)), phi = rows(solve(turn) %*% t(solve(turn))))
}

one_set <- function(frame, nfactors) {
  corr <- cor(frame)
  n <- nrow(frame)
  adequacy <- KMO(corr)
  sphericity <- cortest.bartlett(corr, n)
  reduced <- corr
  diag(reduced) <- smc(corr)
  map <- quiet(vss(corr, n = ncol(corr) - 1, n.obs = n, plot = FALSE))$map
  solutions <- list()
  for (fm in c("minres", "ml")) for (rotate in c("none", "varimax", "promax", "oblimin")) {
    solutions[[paste(fm, rotate)]] <- if (rotate == "oblimin") {
      one_solution(corr, n, nfactors, fm, rotate, eps = 1e-7, maxit = 3000)
    } else {
      one_solution(corr, n, nfactors, fm, rotate)
    }
  }
  solutions[["pa none"]] <- one_solution(corr, n, nfactors, "pa", "none", min.err = 1e-10, max.iter = 5000)
  bare <- solutions[["minres none"]]$loadings
  list(
    n = n, items = names(frame), correlation = rows(corr), n_factors = nfactors,
    kmo = adequacy$MSA, kmo_items = numbers(adequacy$MSAi),
    bartlett = list(chi2 = sphericity$chisq, df = sphericity$df, p = sphericity$p.value),
    eigenvalues = numbers(eigen(corr)$values), eigenvalues_smc = numbers(eigen(reduced)$values),
    map = numbers(map),
    solutions = solutions,
    rotated = list(
      varimax = rows(unclass(varimax(bare, normalize = TRUE, eps = 1e-14)$loadings)),
      varimax_raw = rows(unclass(varimax(bare, normalize = FALSE, eps = 1e-14)$loadings)),
      promax = tight_promax(bare, TRUE), promax_raw = tight_promax(bare, FALSE),
      oblimin_kaiser = rows(oblimin(bare, eps = 1e-6, maxit = 3000, normalize = TRUE)$loadings)
    )
  )
}

one_omega <- function(frame, nfactors) {
  found <- quiet(omega(frame, nfactors, fm = "minres", plot = FALSE))
  keyed <- cor(frame) * outer(found$key, found$key) # psych turns round items with a negative general loading
  list(
    n_factors = nfactors, correlation = rows(keyed), omega_h = found$omega_h, omega_t = found$omega.tot,
    general = numbers(found$schmid$sl[, 1]), group = rows(found$schmid$sl[, 1 + seq_len(nfactors)]),
    second_order = numbers(found$schmid$gloading)
  )
}

ecsi <- read_ecsi(commandArgs(TRUE))
personality <- na.omit(psych::bfi[, 1:25])
school <- lavaan::HolzingerSwineford1939[paste0("x", 1:9)]
values <- list(
  bfi = one_set(personality, 5), school = one_set(school, 3),
  ecsi = list(
    n = nrow(ecsi), correlation = rows(cor(ecsi[unlist(constructs)])),
    kmo = KMO(cor(ecsi[unlist(constructs)]))$MSA, bartlett = cortest.bartlett(cor(ecsi[unlist(constructs)]), nrow(ecsi))$chisq
  ),
  omega = list(quality = one_omega(ecsi[constructs$quality], 3), school = one_omega(school, 3), bfi = one_omega(personality, 5))
)
write_reference(
  "../factors.json", c("psych", "GPArotation", "lavaan"),
  call = paste(
    "KMO(); cortest.bartlett(); vss()$map; fa(r, nfactors, n.obs, fm, rotate); varimax(); oblimin(); omega(x, nfactors, fm = 'minres')"
  ),
  script = "tests/reference/scripts/factors.R",
  data = paste(
    "psych::bfi, 25 items, complete rows (2,436), correlations only; lavaan::HolzingerSwineford1939, x1-x9 (301),",
    "correlations only; ECSI mobile (250), correlations only"
  ),
  citation = paste(
    "Revelle, psych; Holzinger and Swineford (1939); Tenenhaus et al. (2005) CSDA 48:159-205;",
    "Bernaards and Jennrich (2005) EPM 65:676-696"
  ),
  rtol = 1e-9,
  why = paste(
    "closed forms; rotations of given loadings to 1e-6 (run to their end); psych's minres, ml and oblimin solutions to 2e-5,",
    "where its optimiser stops; its varimax and promax to 2e-3, because stats::varimax stops early (eps = 1e-5)"
  ),
  values = values
)
