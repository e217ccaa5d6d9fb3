// atelier eval RUN --predictions FILE.csv: what a classifier says of each test row, and how good that is of
// each class.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>

namespace commands {

// A line for each test row in its order: row (from 0), class, predicted, and the probability of every class.
// Prints precision, recall and F1 of each class. Error where the run's learner is no classifier.
void write_predictions(const std::filesystem::path& run, const std::string& policy,
                       const std::filesystem::path& file, std::ostream& out);

}  // namespace commands
