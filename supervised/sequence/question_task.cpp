// What recurrent and attentive answerers have in common.
#include "supervised/sequence/question_task.h"

#include <algorithm>

#include "core/error.h"
#include "training/data/recall.h"
#include "training/data/sequences.h"
#include "training/loop/gallery.h"

namespace supervised {

using torch::Tensor;

static constexpr int64_t rows_at_once = 250;  // of a held-out part
static constexpr int64_t rows_shown = 8;

static void register_answer_metrics(training::Build& build, bool zeros) {
  using training::Direction;
  build.split_metric({"loss", "nats", "-ln p of a symbol of the answers, mean", Direction::minimize});
  build.split_metric(
      {"accuracy", "",
       "Share of the answers' symbols which were the most likely one, after the right ones before",
       Direction::maximize});
  build.split_metric(
      {"exact", "", "Share of the answers that are written without a fault", Direction::maximize});
  build.split_metric({"edit_distance", "symbols",
                      "Symbols to insert, delete or change in an answer that is written, mean",
                      Direction::minimize});
  if (zeros) build.split_metric({"zeros", "", "Share of the attention's weights that are exactly 0"});
  build.score("valid/loss");
}

void QuestionTask::load(training::Build& build, const training::data::Options& options) {
  data_ = sequences(build, options);
  device_ = build.device();
  if (data_.train.size() > 0) {
    require_questions(data_.train, options.name);
    longest_ = (data_.train.targets() != training::data::ignored).sum(1).max().item<int64_t>();
  }
  register_vocabulary(build, data_);
  build.inference_state("answers", [this](core::Archive& archive) {
    archive.within("longest", longest_, int64_t{1}, row_length());
  });
  source_ = training::data::register_source(build, data_, options);
}

void QuestionTask::learns(training::Build& build, torch::nn::Module& net, Answerer answerer, bool zeros) {
  answerer_ = std::move(answerer);
  zeros_ = zeros;
  build.module("net", net);
  build.optimizer("net", {&net}, {{"nll", "nats", "-ln p of a symbol of the answers, mean over the batch"}});
  register_answer_metrics(build, zeros);
  baselines_ = register_baselines(build, data_);
}

void QuestionTask::learn(training::Step& step) {
  const auto batch = step.next(*source_);
  const QuestionsAndAnswers rows = cut(batch.inputs(), batch.targets());
  const Tensor nll = symbol_loss(answerer_.expect(rows).logits, rows.wanted);
  baselines_.log(step, step.update("net", {{"nll", nll}}).loss);
}

struct QuestionTask::Sums {
  double nll = 0, right = 0, count = 0, exact = 0, edits = 0, zeros = 0, weights = 0;
};

void QuestionTask::grade(Sums& sums, const QuestionsAndAnswers& rows) const {
  const auto total = [](const Tensor& t) { return t.sum(torch::kFloat64).item<double>(); };
  const auto [logits, weights] = answerer_.expect(rows);
  const Tensor counted = rows.wanted != training::data::ignored;  // [B, A]
  const double count = total(counted);
  sums.nll += symbol_loss(logits, rows.wanted).item<double>() * count;
  sums.right += total((logits.argmax(2) == rows.wanted).logical_and(counted));
  sums.count += count;
  if (zeros_) {
    const Tensor looked = counted.unsqueeze(2).logical_and(rows.there.unsqueeze(1));  // [B, A, Q]
    sums.zeros += total((weights == 0).logical_and(looked));
    sums.weights += total(looked);
  }
  const Tensor written = write(answerer_.ask(rows), rows.read.select(1, 0), rows.read.size(1)).symbols;
  const int64_t end = symbol("\n");
  for (int64_t b = 0; b < written.size(0); ++b) {
    const auto right = up_to(rows.wanted[b].masked_select(counted[b]), end);
    const int64_t edits = edit_distance(up_to(written[b], end), right);
    sums.edits += double(edits);
    sums.exact += edits == 0;
  }
}

void QuestionTask::evaluate(training::Eval& eval) const {
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  Sums sums;
  for (int64_t first = 0; first < held.size(); first += rows_at_once) {
    const training::Batch batch = training::slice(held, first, rows_at_once, device_);
    grade(sums, cut(batch.inputs(), batch.targets()));
  }
  eval.log_split("loss", sums.nll / sums.count);
  eval.log_split("accuracy", sums.right / sums.count);
  eval.log_split("exact", sums.exact / double(held.size()));
  eval.log_split("edit_distance", sums.edits / double(held.size()));
  if (zeros_) eval.log_split("zeros", sums.zeros / sums.weights);
}

int64_t QuestionTask::symbol(const std::string& text) const {
  const auto& symbols = data_.train.classes;
  const auto found = std::find(symbols.begin(), symbols.end(), text);
  return found == symbols.end() ? -1 : found - symbols.begin();
}

// The question that is wished, else some of the validation part.
QuestionsAndAnswers QuestionTask::shown(const core::Gallery& gallery) const {
  const auto& prompt = gallery.request.prompt.heed();
  if (!prompt && data_.valid.size() > 0) {
    const training::Batch rows = training::slice(data_.valid, 0, std::min(gallery.n, rows_shown), device_);
    return cut(rows.inputs(), rows.targets());
  }
  std::vector<int64_t> symbols;
  if (prompt && !prompt->empty()) symbols = prompt_symbols(*prompt, data_.train.classes);
  symbols.push_back(std::max(symbol(">"), symbol(" >")));
  core::check(std::ssize(symbols) <= row_length(),
              "prompt: {} symbols with '>', and this model reads {} at most", symbols.size(), row_length());
  const Tensor asked = torch::tensor(symbols, device_).unsqueeze(0);
  return {asked, torch::ones_like(asked, torch::kBool), asked.slice(1, -1), {}};
}

std::string QuestionTask::spelled(const std::vector<int64_t>& symbols) const {
  std::string text;
  for (const int64_t number : symbols) text += data_.train.classes[size_t(number)];
  return text;
}

void QuestionTask::sample(core::Gallery& gallery) const {
  const torch::NoGradGuard no_grad;
  const QuestionsAndAnswers rows = shown(gallery);
  const auto [written, weights] = write(answerer_.ask(rows), rows.read.select(1, 0), longest_);
  std::string text;
  std::vector<std::string> labels;
  for (int64_t b = 0; b < written.size(0); ++b) {
    std::string line = spelled(up_to(rows.asked[b].masked_select(rows.there[b]), -1)) +
                       spelled(up_to(written[b], symbol("\n")));
    if (line.back() == '\n') line.pop_back();
    labels.push_back(line);
    text += line + "\n";
  }
  gallery.text("text", "Questions, and behind the sign > the answers that the model writes", text);
  if (!weights.defined()) return;
  training::add_images(
      gallery, "attention",
      "What each symbol that is written (downwards) looks at in the question (across): black "
      "is the most",
      (1 - weights.cpu()).unsqueeze(1), 0, labels);
}

}  // namespace supervised
