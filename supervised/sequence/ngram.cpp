// Counting, in one pass. A context is a number in base V + 1 whose digits are its symbols, from 1.
#include "supervised/sequence/ngram.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/error.h"
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
  const auto symbols = static_cast<double>(data_.train.classes.size());
  core::check(double(options_.ngram.order - 1) * std::log2(symbols + 1) < 64,
              "ngram.order: contexts of {} out of {} symbols cannot be numbered in 64 bits",
              options_.ngram.order - 1, symbols);
  register_vocabulary(build, data_);
  source_ = training::data::register_source(build, data_, options_.data);
  build.inference_state("counts", [this](core::Archive& archive) { state(archive); });
  build.update("counts", {{"nll", "nats", "-ln p of a symbol that counts, before the batch was counted"}});
  register_language_metrics(build, data_);
}

uint64_t Ngram::key(const int64_t* end, int64_t length) const {
  uint64_t number = 0;
  for (const int64_t* symbol = end - length; symbol < end; ++symbol)
    number = number * (data_.train.classes.size() + 1) + static_cast<uint64_t>(*symbol + 1);
  return number;
}

void Ngram::count(const int64_t* end, int64_t length, int64_t symbol) {
  for (int64_t k = 0; k <= std::min(length, options_.ngram.order - 1); ++k) {
    Context& context = contexts_[key(end, k)];
    ++context.total;
    auto& followers = context.followers;
    const auto is_it = [&](const Follower& f) { return f.symbol == symbol; };
    const auto known = std::find_if(followers.begin(), followers.end(), is_it);
    if (known == followers.end())
      followers.push_back({symbol, 1});
    else
      ++known->count;
  }
}

std::vector<double> Ngram::probabilities(const int64_t* end, int64_t length) const {
  const size_t symbols = data_.train.classes.size();
  std::vector<double> p(symbols, 1 / double(symbols));
  for (int64_t k = 0; k <= std::min(length, options_.ngram.order - 1); ++k) {
    const auto found = contexts_.find(key(end, k));
    if (found == contexts_.end()) break;  // no longer one has been seen either
    const auto& [total, followers] = found->second;
    const auto kinds = double(followers.size()), all = double(total) + kinds;
    for (double& x : p) x *= kinds / all;
    for (const Follower& follower : followers) p[size_t(follower.symbol)] += double(follower.count) / all;
  }
  return p;
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
    count(end, length, symbol);
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

// Contexts in the order of their numbers; of each its followers: number, symbol, count.
void Ngram::state(core::Archive& archive) {
  std::vector<uint64_t> rows, keys;
  for (const auto& [number, context] : contexts_) keys.push_back(number);
  std::sort(keys.begin(), keys.end());
  for (const uint64_t number : keys)
    for (const Follower& follower : contexts_.at(number).followers)
      rows.insert(rows.end(), {number, uint64_t(follower.symbol), uint64_t(follower.count)});
  archive.sized("followers", rows);
  if (!archive.loading()) return;
  contexts_.clear();
  core::check(rows.size() % 3 == 0, "saved counts are rows of 3 numbers, found {} numbers", rows.size());
  for (size_t i = 0; i < rows.size(); i += 3)
    core::check(
        rows[i + 1] < data_.train.classes.size() && rows[i + 2] >= 1 && rows[i + 2] < uint64_t{1} << 48,
        "saved counts hold symbol {} {} times, of {} symbols", rows[i + 1], rows[i + 2],
        data_.train.classes.size());
  for (size_t i = 0; i + 2 < rows.size(); i += 3) {
    Context& context = contexts_[rows[i]];
    context.followers.push_back({int64_t(rows[i + 1]), int64_t(rows[i + 2])});
    context.total += int64_t(rows[i + 2]);
  }
}

}  // namespace supervised
