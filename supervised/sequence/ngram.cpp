#include "supervised/sequence/ngram.h"

#include <cmath>
#include <memory>

#include "training/data/recall.h"
#include "training/data/sequences.h"

namespace supervised {

using torch::Tensor;

void Ngram::ModelOptions::fields(core::Fields& f) {
  f.add("order", order, "Symbols in the longest n-gram; it sees one less of what came before",
        {.min = 1, .max = 64});
}

void Ngram::Options::fields(core::Fields& f) {
  f.section("ngram", ngram, "The counts");
  f.tagged("data", data.tagged(),
           "Sequences of symbols; of a text, windows that do not overlap (stride: block)");
}

void Ngram::build(training::Build& build) {
  data_ = sequences(build, options_.data);
  counts_.emplace(int64_t(data_.train.classes.size()), options_.ngram.order);
  register_vocabulary(build, data_);
  source_ = training::data::register_source(build, data_, options_.data);
  build.inference_state("counts", [this](core::Archive& archive) { counts_->state(archive); });
  build.update("counts", {{"nll", "nats", "-ln p of a symbol that counts, before the batch was counted"}});
  register_language_metrics(build, data_);
}

Tensor Ngram::log_probabilities(const Tensor& inputs) const {
  const Tensor rows = inputs.contiguous();
  const int64_t B = rows.size(0), T = rows.size(1), V = int64_t(data_.train.classes.size());
  const Tensor out = torch::empty({B, T, V});
  float* to = out.data_ptr<float>();
  for (int64_t b = 0; b < B; ++b)
    for (int64_t t = 0; t < T; ++t)
      for (const double p : probabilities(rows.data_ptr<int64_t>() + b * T + t + 1, t + 1))
        *to++ = static_cast<float>(std::log(p));
  return out;
}

void Ngram::step(training::Step& step) {
  const auto batch = step.next(*source_);
  const Tensor inputs = batch.inputs().cpu().contiguous(), targets = batch.targets().cpu().contiguous();
  const int64_t T = inputs.size(1);
  double nll = 0, counted = 0;
  for (int64_t i = 0; i < inputs.numel(); ++i) {
    const int64_t symbol = targets.data_ptr<int64_t>()[i], length = i % T + 1;
    if (symbol == training::data::ignored) continue;
    const int64_t* end = inputs.data_ptr<int64_t>() + i + 1;
    nll -= std::log(probabilities(end, length)[size_t(symbol)]);
    ++counted;
    counts_->count(end, length, symbol);
  }
  step.updated("counts", {{"nll", nll / counted}});
}

void Ngram::evaluate(training::Eval& eval) {
  evaluate_language(
      eval, [this](const Tensor& inputs) { return log_probabilities(inputs); }, data_, torch::kCPU);
}

void Ngram::sample(core::Gallery& gallery) {
  const auto symbols = std::make_shared<std::vector<int64_t>>();
  const Decode read = [this, symbols](const std::vector<int64_t>& fresh) {
    symbols->insert(symbols->end(), fresh.begin(), fresh.end());
    return torch::tensor(probabilities(symbols->data() + symbols->size(), int64_t(symbols->size())))
        .log()
        .to(torch::kFloat32);
  };
  generate_text(gallery, read, data_.train.classes);
}

}  // namespace supervised
