#include "commands/classified.h"

#include "core/error.h"

namespace commands {

training::data::Data data_of(const std::string& config, const std::string& where) {
  const core::Value root = core::parse_yaml(config, where);
  const core::Value* data = root.find("data");
  core::check(data != nullptr, "{}: an agent classifies no data", where);
  training::data::Options options;
  core::Fields fields;
  fields.tagged("data", options.tagged(), "");
  core::Value only = core::Value::map();
  only.set("data", *data);
  core::read_fields(fields, only);
  return options.load();
}

training::ClassifierOutput classify(const training::Session& classifier, const training::Dataset& rows) {
  constexpr int64_t at_once = 1000;
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> logits, features;
  for (int64_t first = 0; first < rows.size(); first += at_once) {
    const auto inputs = training::slice(rows, first, at_once, classifier.device).inputs();
    const training::ClassifierOutput part = classifier.registry.classify(inputs);
    logits.push_back(part.logits.cpu());
    features.push_back(part.features.cpu());
  }
  return {torch::cat(logits), torch::cat(features)};
}

}  // namespace commands
