# Rscript airport.R [folder of the shared data]  ->  ../airport.json
# Design-based figures of the airport survey of 2017: weights, strata, interviewing runs as clusters.
source("reference_file.R")
suppressPackageStartupMessages(library(survey))

arguments <- commandArgs(TRUE)
folder <- if (length(arguments) >= 1) arguments[1] else Sys.getenv("SATMETER_DATA")
answers <- read.csv(file.path(folder, "sfo-airport", "sfo_customer_survey_2017.csv"))
rating <- suppressWarnings(as.integer(answers$Q7ALL))
answers$rating <- ifelse(rating %in% 1:5, rating, NA)
answers$top2 <- ifelse(answers$rating >= 4, 1, 0)
likely <- suppressWarnings(as.integer(answers$NETPRO))
likely <- ifelse(likely %in% 0:10, likely, NA) # 11 is a blank
answers$nps <- ifelse(likely >= 9, 100, ifelse(likely <= 6, -100, 0))
answers$area <- as.character(answers$BAREA)
design <- svydesign(id = ~RUNID, strata = ~STRATA, weights = ~WEIGHT, data = answers, nest = TRUE)

figure <- function(design, variable) {
  inside <- design[!is.na(design$variables[[variable]]), ]
  found <- svymean(reformulate(variable), inside)
  list(
    n = nrow(inside$variables), estimate = as.numeric(coef(found)), std_error = as.numeric(SE(found)), df = degf(inside)
  )
}
largest <- names(sort(table(answers$area), decreasing = TRUE))[1:2]
values <- list(
  rating = figure(design, "rating"), top2 = figure(design, "top2"), nps = figure(design, "nps"),
  areas = lapply(setNames(largest, largest), function(area) figure(design[answers$area == area, ], "rating"))
)
write_reference(
  "../airport.json", "survey",
  call = "svymean(~y, svydesign(~RUNID, strata = ~STRATA, weights = ~WEIGHT, nest = TRUE)[!is.na(y), ])",
  script = "tests/reference/scripts/airport.R", data = "sfo-airport/sfo_customer_survey_2017.csv (2,831 passengers)",
  citation = "San Francisco International Airport, customer survey 2017, DataSF, PDDL 1.0",
  rtol = 1e-10, why = "closed forms",
  values = values
)
