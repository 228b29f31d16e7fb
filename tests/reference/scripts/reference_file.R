# Writes one reference file: where the values come from, how closely they must be met, and the values.
library(jsonlite)

packages_used <- function(names) {
  paste(vapply(names, function(name) paste(name, packageVersion(name)), ""), collapse = ", ")
}

write_reference <- function(file, packages, call, script, data, citation, rtol, why, values) {
  source <- list(
    software = "R", version = paste(c(as.character(getRversion()), packages_used(packages)), collapse = ", "),
    call = call, script = script, data = data, citation = citation
  )
  document <- list(source = source, rtol = rtol, why = why, values = values)
  writeLines(toJSON(document, auto_unbox = TRUE, digits = NA, pretty = 2, matrix = "rowmajor", na = "null"), file)
}

numbers <- function(x) I(unname(as.numeric(x))) # stays a list in JSON when it has one element
rows <- function(m) unname(as.matrix(m))
