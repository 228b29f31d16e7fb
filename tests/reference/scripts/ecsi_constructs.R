# The European satisfaction index data: construct to columns, and scores 0-100 from ratings 1-10.
constructs <- list(
  image = paste0("IMAG", 1:5), expectations = paste0("CUEX", 1:3), quality = paste0("PERQ", 1:7),
  value = paste0("PERV", 1:2), satisfaction = paste0("CUSA", 1:3), complaints = "CUSCO", loyalty = paste0("CUSL", 1:3)
)
read_ecsi <- function(arguments) {
  folder <- if (length(arguments) >= 1) arguments[1] else Sys.getenv("SATMETER_DATA")
  stopifnot(nzchar(folder))
  read.csv(file.path(folder, "ecsi-mobile", "mobi.csv"))
}
ecsi_scores <- function(answers) {
  as.data.frame(lapply(constructs, function(items) 100 * (rowMeans(answers[items]) - 1) / 9))
}
