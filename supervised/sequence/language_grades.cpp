#include "supervised/sequence/language_grades.h"

#include <algorithm>
#include <cmath>

#include "core/interrupt.h"
#include "training/data/byte_pairs.h"
#include "training/data/sequences.h"

namespace supervised {

using torch::Tensor;
using training::data::Data;

namespace {

constexpr int64_t symbols_at_once = 16384;  // of a held-out part

double total(const Tensor& t) { return t.sum(torch::kFloat64).item<double>(); }

// Sums over the targets that count, and over those that are certain.
struct Sums {
  double nll = 0, right = 0, count = 0, certain = 0, certain_right = 0, characters = 0;
};

// How many characters begin in each symbol [V]; undefined where symbols are no byte pairs.
Tensor characters_of(const std::vector<std::string>& symbols) {
  if (!training::data::are_byte_pairs(symbols)) return {};
  std::vector<int64_t> count;
  for (const std::string& symbol : symbols) count.push_back(training::data::characters_in(symbol));
  return torch::tensor(count);
}

void add(Sums& sums, const Tensor& log_probabilities, const training::Batch& batch,
         const Tensor& characters) {
  const Tensor rows = log_probabilities.flatten(0, 1), flat = batch.targets().flatten();
  const Tensor counted = flat != training::data::ignored;
  const Tensor right = (rows.argmax(1) == flat).logical_and(counted);
  sums.nll += total(torch::nll_loss(rows, flat, {}, at::Reduction::None, training::data::ignored));
  sums.right += total(right);
  sums.count += total(counted);
  if (characters.defined())
    sums.characters += total(characters.index_select(0, flat.masked_select(counted).cpu()));
  if (const training::Column* certain = batch.find(training::column::certain)) {
    sums.certain += total(certain->values);
    sums.certain_right += total(right.logical_and(certain->values.flatten()));
  }
}

Sums graded(const LogProbabilities& log_probabilities, const training::Dataset& rows, torch::Device device) {
  const int64_t at_once = std::max<int64_t>(1, symbols_at_once / rows.inputs().size(1));
  const Tensor characters = characters_of(rows.classes);
  Sums sums;
  for (int64_t first = 0; first < rows.size(); first += at_once) {
    const training::Batch batch = training::slice(rows, first, at_once, device);
    add(sums, log_probabilities(batch.inputs()), batch, characters);
  }
  return sums;
}

// What the source itself pays for these rows, else for any, mean, in nats.
double floor_of(const training::Dataset& rows, const Data& data) {
  const Tensor& surprise = rows.rows[training::column::surprise];
  return surprise.defined() ? surprise.mean().item<double>() : *data.entropy;
}

bool tells_certain(const Data& data) { return data.train.rows.find(training::column::certain); }

double grammatical_share(training::Eval& eval, const LogProbabilities& log_probabilities, const Data& data,
                         torch::Device device) {
  const int64_t drawn = eval.request().split == training::Split::test ? 1000 : 200;
  const auto sentences =
      draw_sentences(log_probabilities, drawn, data.train.inputs().size(1), eval.generator(), device);
  return double(std::count_if(sentences.begin(), sentences.end(), data.grammatical)) / double(drawn);
}

void evaluate_beyond(training::Eval& eval, const LogProbabilities& log_probabilities,
                     const training::data::Beyond& beyond, torch::Device device) {
  for (size_t i = 0; i < beyond.names.size(); ++i) {
    const torch::Tensor row = torch::tensor({int64_t(i)});
    const Sums sums = graded(log_probabilities, training::Dataset(beyond.rows.rows.rows(row)), device);
    eval.log_split("beyond_" + beyond.names[i], sums.certain_right / sums.certain);
  }
}

}  // namespace

void register_language_metrics(training::Build& build, const Data& data) {
  using training::Direction;
  build.split_metric({"loss", "nats", "-ln p of a symbol that counts, mean", Direction::minimize});
  build.split_metric({"perplexity", "", "e to the loss: among how many symbols each is as good as guessed",
                      Direction::minimize});
  build.split_metric({"bits", "bits", "The loss in bits a symbol", Direction::minimize});
  build.split_metric({"accuracy", "", "Share of the symbols that count which were the most likely one",
                      Direction::maximize});
  if (training::data::are_byte_pairs(data.train.classes))
    build.split_metric(
        {"per_character", "nats",
         "-ln p of a character, mean: the loss of all symbols over the characters that begin in them",
         Direction::minimize});
  if (data.entropy) {
    build.split_metric({"nll", "nats", "-ln p of what counts of a row, mean", Direction::minimize});
    build.split_metric({"gap", "nats",
                        "nll minus the exact entropy of a row, or minus the source's own -ln p of these rows",
                        Direction::minimize});
  }
  if (tells_certain(data))
    build.split_metric({"certain", "", "Accuracy where but one symbol can follow", Direction::maximize});
  if (data.grammatical)
    build.split_metric({"grammatical", "",
                        "Share of drawn sentences (200, of the test 1,000) that are in the language",
                        Direction::maximize});
  if (data.memorised)
    build.split_metric({"memorised", "nats", "Loss on the rows that are learned from", Direction::minimize});
  for (const std::string& name : data.beyond ? data.beyond->names : std::vector<std::string>{})
    build.split_metric({"beyond_" + name, "",
                        "certain, of the sequence n = " + name + ", longer than any learned from",
                        Direction::maximize});
  build.score("valid/loss");
}

void evaluate_language(training::Eval& eval, const LogProbabilities& log_probabilities, const Data& data,
                       torch::Device device) {
  const training::Dataset held = data.part(eval.request().split, eval.request().rows);
  const Sums sums = graded(log_probabilities, held, device);
  const double loss = sums.nll / sums.count;
  eval.log_split("loss", loss);
  eval.log_split("perplexity", std::exp(loss));
  eval.log_split("bits", loss / std::log(2.0));
  eval.log_split("accuracy", sums.right / sums.count);
  if (sums.characters > 0) eval.log_split("per_character", sums.nll / sums.characters);
  if (data.entropy) {
    eval.log_split("nll", sums.nll / double(held.size()));
    eval.log_split("gap", sums.nll / double(held.size()) - floor_of(held, data));
  }
  if (tells_certain(data)) eval.log_split("certain", sums.certain_right / sums.certain);
  if (data.grammatical)
    eval.log_split("grammatical", grammatical_share(eval, log_probabilities, data, device));
  if (data.memorised) {
    const Sums learned = graded(log_probabilities, data.train, device);
    eval.log_split("memorised", learned.nll / learned.count);
  }
  if (data.beyond) evaluate_beyond(eval, log_probabilities, *data.beyond, device);
}

std::vector<std::vector<int64_t>> draw_sentences(const LogProbabilities& log_probabilities, int64_t rows,
                                                 int64_t longest, torch::Generator generator,
                                                 torch::Device device) {
  const torch::NoGradGuard no_grad;
  Tensor symbols = torch::zeros({rows, longest + 1}, torch::kInt64);
  Tensor open = torch::arange(rows);  // those that have not ended
  for (int64_t t = 0; t < longest && open.numel() > 0; ++t) {
    core::heed_signals();
    const Tensor read = symbols.index_select(0, open).slice(1, 0, t + 1).to(device);
    const Tensor p = log_probabilities(read).select(1, t).exp().cpu();  // [open rows, V]
    const Tensor drawn = p.multinomial(1, false, generator).squeeze(1);
    symbols.select(1, t + 1).index_copy_(0, open, drawn);
    open = open.masked_select(drawn != 0);
  }
  std::vector<std::vector<int64_t>> sentences;
  for (int64_t row = 0; row < rows; ++row) {
    const auto* first = symbols.data_ptr<int64_t>() + row * (longest + 1) + 1;
    const auto* end = std::find(first, first + longest, 0);
    sentences.emplace_back(first, end);
    if (end == first + longest) sentences.back().push_back(0);
  }
  return sentences;
}

}  // namespace supervised
