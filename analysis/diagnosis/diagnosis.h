// Diagnosis in words: what the curves of a run say went wrong, each with its figure and its place. One line
// of a table and one short function for each rule; all of them read what run.h5 holds, and nothing else.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/diagnosis/evidence.h"

namespace analysis::diagnosis {

struct Rule {
  const char* name;
  const char* sentence;   // when it speaks
  const char* reads;      // the metrics and attributes that it looks at
  const char* threshold;  // whence its numbers come
  std::optional<std::string> (*words)(const Evidence&);
};
std::span<const Rule> rules();

struct Finding {
  std::string rule, words;
};
std::vector<Finding> diagnose(const Run& run, const Curves& curves);
// Of a run that has just ended: "overfitting: ...", a line each.
std::vector<std::string> diagnose(const std::filesystem::path& run_folder);

}  // namespace analysis::diagnosis
