// Loss, vocabulary and texts of language models.
#include "supervised/sequence/language_model.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/shown.h"
#include "supervised/sequence/sampling.h"
#include "training/data/byte_pairs.h"
#include "training/data/sequences.h"
#include "training/data/text.h"
#include "training/loop/gallery.h"

namespace supervised {

using torch::Tensor;

namespace {

std::string joined(const std::vector<std::string>& symbols) {
  std::string all;
  for (const auto& symbol : symbols) all += symbol;
  return all;
}

// The symbol that stands for strange characters is none to write.
Tensor writable(const Tensor& logits, const std::vector<std::string>& symbols) {
  const bool strange = !training::data::are_byte_pairs(symbols) &&
                       symbols.back() == training::data::utf8(training::data::unknown);
  return strange ? logits.slice(0, 0, logits.size(0) - 1) : logits;
}

}  // namespace

static int64_t code_points_in(const std::string& symbol) {
  return std::ssize(training::data::code_points(symbol, "vocabulary"));
}

// Any that is more than a character makes all of them words, with a blank before each, unless they are byte
// pairs.
static bool are_words(const std::vector<std::string>& symbols) {
  if (training::data::are_byte_pairs(symbols)) return false;
  const auto is_long = [](const std::string& symbol) { return code_points_in(symbol) != 1; };
  return std::any_of(symbols.begin(), symbols.end(), is_long);
}

// The symbols of a joined text: of so many bytes each, or, where nothing is said, its code points.
static std::vector<std::string> cut(const std::string& text, const std::vector<int64_t>& bytes) {
  std::vector<std::string> symbols;
  if (bytes.empty())
    for (const char32_t point : training::data::code_points(text, "vocabulary"))
      symbols.push_back(training::data::utf8(point));
  size_t first = 0;
  for (const int64_t length : bytes) {
    core::check(length > 0 && first + size_t(length) <= text.size(),
                "saved vocabulary: {} bytes are no symbols of these lengths", text.size());
    symbols.push_back(text.substr(first, size_t(length)));
    first += size_t(length);
  }
  return symbols;
}

// Saves or restores what `symbols` are; how long each is, too, where one is more than a character.
static void vocabulary(core::Archive& archive, std::vector<std::string>& symbols) {
  std::vector<int64_t> bytes;
  if (!archive.loading() && (are_words(symbols) || training::data::are_byte_pairs(symbols)))
    for (const std::string& symbol : symbols) bytes.push_back(std::ssize(symbol));
  if (archive.loading() ? archive.blobs().count("bytes") > 0 : !bytes.empty()) archive.sized("bytes", bytes);
  const std::string here = joined(symbols);
  std::vector<char> text(here.begin(), here.end());
  archive.sized("symbols", text);
  if (archive.loading()) symbols = cut({text.begin(), text.end()}, bytes);
}

// Symbols, and how many there are in a sequence, of a checkpoint that says both.
static std::optional<training::data::Data> remembered(const training::Build& build) {
  std::optional<core::Archive> saved = build.saved("vocabulary");
  if (build.purpose() != training::Purpose::inference || !saved || saved->blobs().count("length") == 0)
    return std::nullopt;
  int64_t length = 0;
  (*saved)("length", length);
  const torch::Tensor none = torch::empty({0, length}, torch::kInt64);
  training::Dataset empty{none, none, {}};
  vocabulary(*saved, empty.classes);
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
  register_symbols(build, data.train.classes, data.train.inputs().size(1));
}

void register_symbols(training::Build& build, const std::vector<std::string>& symbols, int64_t length) {
  build.inference_state("vocabulary", [symbols, length](core::Archive& archive) {
    if (!archive.loading()) {
      int64_t symbols_in_a_sequence = length;
      archive("length", symbols_in_a_sequence);
    }
    std::vector<std::string> known = symbols;
    vocabulary(archive, known);
    core::check(
        known == symbols,
        "vocabulary of another checkpoint: it knows {} symbols, the data have {}; a model knows only the "
        "characters, words or labels that it was trained on",
        known.size(), symbols.size());
  });
}

training::Baselines register_baselines(training::Build& build, const training::data::Data& data) {
  const auto baselines =
      training::Baselines::of_classes(data.train.targets(), std::ssize(data.train.classes));
  baselines.register_metrics(build, "nats");
  return baselines;
}

// Characters; of symbols that are words with a blank before each, the words.
static std::vector<std::string> parts_of(const std::string& prompt, bool words) {
  std::vector<std::string> parts;
  std::istringstream text(prompt);
  for (std::string word; words && text >> word;) parts.push_back(" " + word);
  if (!words)
    for (const char32_t point : training::data::code_points(prompt, "prompt"))
      parts.push_back(training::data::utf8(point));
  return parts;
}

static std::string told(const std::string& part, bool words) {
  if (words) return fmt::format("'{}'", part.substr(1));
  return fmt::format("'{}' (U+{:04X})", part, uint32_t(training::data::code_points(part, "prompt")[0]));
}

static int64_t number_in(const std::vector<std::string>& symbols, const std::string& symbol) {
  return std::find(symbols.begin(), symbols.end(), symbol) - symbols.begin();
}

std::vector<int64_t> symbols_of(const std::string& prompt, const std::vector<std::string>& symbols) {
  if (training::data::are_byte_pairs(symbols)) return training::data::BytePairs(symbols).encode(prompt);
  const bool words = are_words(symbols);
  std::vector<int64_t> tokens;
  for (const std::string& part : parts_of(prompt, words)) {
    tokens.push_back(number_in(symbols, part));
    core::check(tokens.back() < std::ssize(symbols), "prompt: {} is none of the {} {} of this model",
                told(part, words), symbols.size(), words ? "words" : "characters");
  }
  return tokens;
}

std::vector<int64_t> prompt_symbols(const std::string& prompt, const std::vector<std::string>& symbols) {
  const std::vector<int64_t> tokens = symbols_of(prompt, symbols);
  if (!tokens.empty()) return tokens;
  return {number_in(symbols, "\n") % std::ssize(symbols)};
}

std::string as_text(const std::string& drawn, const std::vector<std::string>& symbols) {
  return training::data::are_byte_pairs(symbols) ? core::shown(drawn, core::Breaks::kept) : drawn;
}

void generate_text(core::Gallery& gallery, const Decode& read, const std::vector<std::string>& symbols) {
  const torch::NoGradGuard no_grad;
  const core::Request& request = gallery.request;
  const Sampling sampling{request.temperature.heed().value_or(1), request.top_k.heed().value_or(0),
                          request.top_p.heed().value_or(1)};
  std::string text = request.prompt.heed().value_or("");
  std::vector<int64_t> fresh = prompt_symbols(text, symbols);
  for (int64_t i = 0; i < gallery.n; ++i) {
    core::heed_signals();
    fresh = {draw(writable(read(fresh), symbols), sampling)};
    text += symbols[size_t(fresh[0])];
  }
  gallery.text("text", "Drawn symbol by symbol from the model", as_text(text, symbols));
}

Tensor dependence(const std::function<Tensor(const Tensor&)>& logits, const Tensor& embedded,
                  const Tensor& targets) {
  const torch::AutoGradMode with_gradient(true);
  const Tensor x = embedded.detach().requires_grad_();
  const Tensor nll = torch::nll_loss(logits(x).log_softmax(2)[0], targets[0], {}, at::Reduction::None,
                                     training::data::ignored);  // [T]
  std::vector<Tensor> rows;
  for (const Tensor& loss : nll.unbind())
    rows.push_back(torch::autograd::grad({loss}, {x}, {}, /*retain_graph=*/true)[0][0].norm(2, 1));
  return torch::stack(rows);
}

void show_causality(core::Gallery& gallery, const std::function<Tensor(const Tensor&)>& logits,
                    const Tensor& embedded, const Tensor& targets) {
  const Tensor map = dependence(logits, embedded, targets).cpu();                       // [T, T]
  const Tensor ink = map / std::get<0>(map.max(1, /*keepdim=*/true)).clamp_min(1e-30);  // row by row
  training::add_images(
      gallery, "causality",
      "How much the loss at each place of a validation row (downwards) depends on each symbol "
      "that was read (across), by its gradient: what lies ahead is white",
      (1 - ink).view({1, 1, map.size(0), map.size(1)}));
}

}  // namespace supervised
