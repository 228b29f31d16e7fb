# Rscript raking_peer.R TABLE.csv  ->  CPU seconds of survey::rake on the table that raking_work.py writes
suppressPackageStartupMessages(library(survey))
file <- commandArgs(TRUE)[1]
frame <- read.csv(file, stringsAsFactors = TRUE)
shares <- jsonlite::fromJSON(sub("csv$", "json", file))
design <- svydesign(id = ~1, weights = ~1, data = frame)
margins <- lapply(names(shares), function(name) reformulate(name))
counts <- lapply(names(shares), function(name) {
  found <- data.frame(names(shares[[name]]), nrow(frame) * unlist(shares[[name]]))
  setNames(found, c(name, "Freq"))
})
spent <- replicate(2, sum(system.time(rake(design, margins, counts, control = list(maxit = 50, epsilon = 1e-9 * nrow(frame))))[1:2]))
cat(spent, "\n")
