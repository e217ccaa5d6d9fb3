// Loss, grades and texts of language models.
#include "supervised/sequence/language_model.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/interrupt.h"
#include "training/compat.h"
#include "training/data/sequences.h"
#include "training/data/text.h"
#include "training/loop/failure.h"

namespace supervised {

using torch::Tensor;

namespace {

constexpr int64_t symbols_at_once = 16384;  // of a held-out part

std::string joined(const std::vector<std::string>& symbols) {
  std::string all;
  for (const auto& symbol : symbols) all += symbol;
  return all;
}

// Sums over the targets that count.
struct Sums {
  double nll = 0, right = 0, count = 0;
};

Sums sums(const Tensor& log_probabilities, const Tensor& targets) {
  const Tensor rows = log_probabilities.flatten(0, 1), flat = targets.flatten();
  const Tensor counted = flat != training::data::ignored;
  const auto sum = [](const Tensor& t) { return t.sum(torch::kFloat64).item<double>(); };
  return {sum(torch::nll_loss(rows, flat, {}, at::Reduction::None, training::data::ignored)),
          sum((rows.argmax(1) == flat).logical_and(counted)), sum(counted)};
}

// The symbol that stands for strange characters is none to write.
Tensor writable(const Tensor& logits, const std::vector<std::string>& symbols) {
  const bool strange = symbols.back() == training::data::utf8(training::data::unknown);
  return strange ? logits.slice(0, 0, logits.size(0) - 1) : logits;
}

// top_k 0: among all.
int64_t draw(const Tensor& logits, double temperature, int64_t top_k) {
  if (temperature == 0) return logits.argmax().item<int64_t>();
  const int64_t symbols = logits.size(0), kept = top_k > 0 ? std::min(top_k, symbols) : symbols;
  const auto [likeliest, which] = (logits / temperature).topk(kept);
  training::require_finite(likeliest, "the logits");
  const Tensor drawn = likeliest.softmax(0).cpu().multinomial(1, false, training::default_generator());
  return which[drawn.item<int64_t>()].item<int64_t>();
}

}  // namespace

// Symbols, and how many there are in a sequence, of a checkpoint that says both.
static std::optional<training::data::Data> remembered(const training::Build& build) {
  std::optional<core::Archive> saved = build.saved("vocabulary");
  if (build.purpose() != training::Purpose::inference || !saved || saved->blobs().count("length") == 0)
    return std::nullopt;
  std::vector<char> bytes;
  int64_t length = 0;
  saved->sized("symbols", bytes);
  (*saved)("length", length);
  const torch::Tensor none = torch::empty({0, length}, torch::kInt64);
  training::Dataset empty{none, none, {}};
  for (const char32_t point : training::data::code_points({bytes.begin(), bytes.end()}, "vocabulary"))
    empty.classes.push_back(training::data::utf8(point));
  training::data::Data data{empty, empty, empty, {}};
  return data;
}

training::data::Data sequences(training::Build& build, const training::data::Options& options) {
  if (auto data = remembered(build)) return *data;
  training::data::Data data = options.load();
  if (!data.note.empty()) build.note(data.note);
  const training::Dataset& train = data.train;
  const bool fit = train.inputs().scalar_type() == torch::kInt64 && train.inputs().dim() == 2 &&
                   train.targets().defined() && train.targets().sizes() == train.inputs().sizes();
  core::check(fit,
              "data: '{}' has rows of shape [{}]; a language model needs sequences of symbols (text, anbn, "
              "copy, sort)",
              options.name, fmt::join(train.inputs().sizes().slice(1), ", "));
  return data;
}

Tensor symbol_loss(const Tensor& logits, const Tensor& targets) {
  return torch::cross_entropy_loss(logits.flatten(0, 1), targets.flatten(), {}, at::Reduction::Mean,
                                   training::data::ignored);
}

void register_vocabulary(training::Build& build, const training::data::Data& data) {
  build.inference_state("vocabulary", [symbols = data.train.classes,
                                       length = data.train.inputs().size(1)](core::Archive& archive) {
    if (!archive.loading()) {
      int64_t symbols_in_a_sequence = length;
      archive("length", symbols_in_a_sequence);
    }
    const std::string here = joined(symbols);
    std::vector<char> saved(here.begin(), here.end());
    archive.sized("symbols", saved);
    const std::string there(saved.begin(), saved.end());
    core::check(
        there == here,
        "vocabulary of another checkpoint: it knows {} symbols, the data have {}; a language model reads "
        "only the characters that it was trained on",
        training::data::code_points(there, "vocabulary").size(), symbols.size());
  });
}

void register_language_metrics(training::Build& build, const training::data::Data& data) {
  using training::Direction;
  build.split_metric({"loss", "nats", "-ln p of a symbol that counts, mean", Direction::minimize});
  build.split_metric({"accuracy", "", "Share of the symbols that count which were the most likely one",
                      Direction::maximize});
  if (data.entropy) {
    build.split_metric({"nll", "nats", "-ln p of what counts of a row, mean", Direction::minimize});
    build.split_metric({"gap", "nats", "nll minus the exact entropy of a row", Direction::minimize});
  }
  build.score("valid/loss");
}

training::Baselines register_baselines(training::Build& build, const training::data::Data& data) {
  const auto baselines =
      training::Baselines::of_classes(data.train.targets(), std::ssize(data.train.classes));
  baselines.register_metrics(build, "nats");
  return baselines;
}

void evaluate_language(training::Eval& eval, const LogProbabilities& log_probabilities,
                       const training::data::Data& data, torch::Device device) {
  const training::Dataset held = data.part(eval.request().split, eval.request().rows);
  const int64_t rows = std::max<int64_t>(1, symbols_at_once / held.inputs().size(1));
  Sums all;
  for (int64_t first = 0; first < held.size(); first += rows) {
    const training::Batch batch = training::slice(held, first, rows, device);
    const Sums part = sums(log_probabilities(batch.inputs()), batch.targets());
    all.nll += part.nll;
    all.right += part.right;
    all.count += part.count;
  }
  eval.log_split("loss", all.nll / all.count);
  eval.log_split("accuracy", all.right / all.count);
  if (!data.entropy) return;
  eval.log_split("nll", all.nll / double(held.size()));
  eval.log_split("gap", all.nll / double(held.size()) - *data.entropy);
}

std::vector<int64_t> prompt_symbols(const std::string& prompt, const std::vector<std::string>& symbols) {
  const auto find = [&](const std::string& symbol) {
    return std::find(symbols.begin(), symbols.end(), symbol) - symbols.begin();
  };
  const auto count = static_cast<int64_t>(symbols.size());
  if (prompt.empty()) return {find("\n") % count};
  std::vector<int64_t> tokens;
  for (const char32_t point : training::data::code_points(prompt, "prompt")) {
    tokens.push_back(find(training::data::utf8(point)));
    core::check(tokens.back() < count, "prompt: '{}' (U+{:04X}) is none of the {} characters of this model",
                training::data::utf8(point), uint32_t(point), count);
  }
  return tokens;
}

void generate_text(core::Gallery& gallery, const Decode& read, const std::vector<std::string>& symbols) {
  const torch::NoGradGuard no_grad;
  const double temperature = gallery.request.temperature.heed().value_or(1);
  const int64_t top_k = gallery.request.top_k.heed().value_or(0);
  std::string text = gallery.request.prompt.heed().value_or("");
  std::vector<int64_t> fresh = prompt_symbols(text, symbols);
  for (int64_t i = 0; i < gallery.n; ++i) {
    core::heed_signals();
    fresh = {draw(writable(read(fresh), symbols), temperature, top_k)};
    text += symbols[size_t(fresh[0])];
  }
  gallery.text("text", "Drawn symbol by symbol from the model", text);
}

}  // namespace supervised
