#include "commands/predictions.h"

#include <fmt/format.h>

#include "commands/catalog.h"
#include "commands/classified.h"
#include "core/error.h"
#include "core/whole_file.h"
#include "supervised/grades.h"
#include "training/loop/checkpoint.h"

namespace commands {

using torch::Tensor;

// In quotes where a comma, a quote or a blank at an end would be misread.
static std::string cell(const std::string& text) {
  const bool plain = text.find_first_of(",\"") == std::string::npos && !text.empty() && text.front() != ' ' &&
                     text.back() != ' ';
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

static std::string as_csv(const training::Dataset& rows, const Tensor& probabilities) {
  const Tensor guesses = probabilities.argmax(1);
  std::string text = "row,class,predicted";
  for (const std::string& name : rows.classes) text += "," + cell("p " + name);
  text += '\n';
  for (int64_t r = 0; r < rows.size(); ++r) {
    const auto name = [&](const Tensor& of) { return cell(rows.classes.at(size_t(of[r].item<int64_t>()))); };
    text += fmt::format("{},{},{}", r, name(rows.targets()), name(guesses));
    for (size_t k = 0; k < rows.classes.size(); ++k)
      text += fmt::format(",{:.6g}", probabilities[r][int64_t(k)].item<double>());
    text += '\n';
  }
  return text;
}

static void print_classes(std::ostream& out, const training::Dataset& rows, const Tensor& guesses) {
  const auto K = std::ssize(rows.classes);
  const Tensor table = supervised::per_class(guesses, rows.targets(), K),
               counts = torch::bincount(rows.targets(), {}, K);
  out << "precision  recall      F1    rows  class\n";
  for (int64_t k = 0; k < K; ++k) {
    const auto share = [&](int64_t column) { return table[k][column].item<double>(); };
    out << fmt::format("{:9.4f} {:7.4f} {:7.4f} {:7}  {}\n", share(0), share(1), share(2),
                       counts[k].item<int64_t>(), rows.classes[size_t(k)]);
  }
}

void write_predictions(const std::filesystem::path& run, const std::string& policy,
                       const std::filesystem::path& file, std::ostream& out) {
  const training::Session session = trained_session(run, policy, training::Purpose::evaluation);
  core::check(bool(session.registry.classify), "--predictions: {}: '{}' gives no row a class", run.string(),
              session.experiment.learner);
  const std::string config = training::checkpoint_config(run / (policy + ".h5"));
  const training::Dataset test = data_of(config, run.string()).test;
  const Tensor probabilities = classify(session, test).logits.to(torch::kFloat64).softmax(1);
  core::write_whole(file, as_csv(test, probabilities));
  print_classes(out, test, probabilities.argmax(1));
}

}  // namespace commands
