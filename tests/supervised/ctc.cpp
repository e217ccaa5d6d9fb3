// Connectionist temporal classification: all rows of frames summed one by one, finite differences, the
// likeliest labels by enumeration, and tones that are heard.
#include <cmath>
#include <map>
#include <numbers>

#include "supervised/all.h"
#include "supervised/sequence/ctc.h"
#include "supervised/sequence/ctc_loss.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using supervised::all;
using supervised::Labels;
using torch::Tensor;

namespace tests::ctc {

// ln p of each symbol at each frame [1, T, V].
static Tensor drawn_frames(int64_t T, int64_t V, int64_t seed) {
  torch::manual_seed(uint64_t(seed));
  return (1.5 * torch::randn({1, T, V}, torch::kFloat64)).log_softmax(2);
}

// p of all labels that T frames can say, by all V^T rows of symbols.
static std::map<Labels, double> enumerated(const Tensor& log_p) {
  const auto frames = supervised::frames_of(log_p, 0);
  int64_t rows = 1;
  for (int64_t t = 0; t < frames.T; ++t) rows *= frames.V;
  std::map<Labels, double> chances;
  for (int64_t number = 0; number < rows; ++number) {
    std::vector<int64_t> symbols;
    double sum = 0;
    for (int64_t t = 0, rest = number; t < frames.T; ++t, rest /= frames.V) {
      symbols.push_back(rest % frames.V);
      sum += frames.at(t, symbols.back());
    }
    chances[supervised::collapsed(symbols)] += std::exp(sum);
  }
  return chances;
}

static double loss_of(const Tensor& log_p, const Labels& labels) {
  return supervised::ctc_loss(log_p, {labels}).item<double>();
}

TEST_CASE("a row of frames says what is left of it", "[supervised][ctc]") {
  CHECK(supervised::collapsed({0, 1, 1, 0, 1, 2, 2, 0}) == Labels{1, 1, 2});
  CHECK(supervised::collapsed({0, 0}).empty());
}

TEST_CASE("the loss is the sum over all alignments, of up to six frames", "[supervised][ctc]") {
  for (int64_t T = 1; T <= 6; ++T)
    for (int64_t V = 2; V <= 4; ++V)
      for (int64_t seed = 1; seed <= 2; ++seed) {
        const Tensor log_p = drawn_frames(T, V, seed);
        double all_labels = 0;
        for (const auto& [labels, p] : enumerated(log_p)) {
          CHECK(loss_of(log_p, labels) == Approx(-std::log(p)).epsilon(1e-10));
          all_labels += std::exp(-loss_of(log_p, labels));
        }
        CHECK(all_labels == Approx(1).epsilon(1e-10));
      }
  CHECK(std::isinf(loss_of(drawn_frames(2, 3, 1), {1, 1})));  // needs a blank between
  CHECK(std::isinf(loss_of(drawn_frames(2, 3, 1), {1, 2, 1})));
}

TEST_CASE("the gradient is that of finite differences, and of float32 as of float64", "[supervised][ctc]") {
  const std::vector<Labels> labels{{1, 2}, {2, 2}, {}, {1}};
  torch::manual_seed(5);
  const Tensor logits = torch::randn({4, 5, 3}, torch::kFloat64).requires_grad_();
  const Tensor weights = torch::tensor({1.0, 0.5, 2.0, -1.0}, torch::kFloat64);
  const auto f = [&](const Tensor& x) {
    return (supervised::ctc_loss(x.log_softmax(2), labels) * weights.to(x.dtype())).sum();
  };
  const Tensor gradient = torch::autograd::grad({f(logits)}, {logits})[0];
  const double h = 1e-6;
  for (int64_t i = 0; i < logits.numel(); ++i) {
    const Tensor up = logits.detach().clone(), down = logits.detach().clone();
    up.view({-1})[i] += h;
    down.view({-1})[i] -= h;
    const double slope = (f(up) - f(down)).item<double>() / (2 * h);
    CHECK(gradient.flatten()[i].item<double>() == Approx(slope).margin(1e-8));
  }
  const Tensor single = logits.detach().to(torch::kFloat32).requires_grad_();
  const Tensor of_single = torch::autograd::grad({f(single)}, {single})[0];
  CHECK(torch::allclose(of_single.to(torch::kFloat64), gradient, 0, 1e-5));
}

TEST_CASE("loss and gradient are LibTorch's", "[supervised][ctc]") {
  torch::manual_seed(6);
  const Tensor logits = torch::randn({3, 20, 5}, torch::kFloat64).requires_grad_();
  const std::vector<Labels> labels{{1, 1, 2, 4}, {3}, {2, 2, 2, 1, 4, 4}};
  const Tensor flat = torch::tensor({1, 1, 2, 4, 3, 2, 2, 2, 1, 4, 4}, torch::kInt64);
  const Tensor own = supervised::ctc_loss(logits.log_softmax(2), labels).sum();
  const Tensor twin =
      torch::ctc_loss(logits.log_softmax(2).transpose(0, 1), flat, torch::tensor({20, 20, 20}),
                      torch::tensor({4, 1, 6}), 0, at::Reduction::Sum);
  CHECK(own.item<double>() == Approx(twin.item<double>()).epsilon(1e-10));
  CHECK(torch::allclose(torch::autograd::grad({own}, {logits})[0], torch::autograd::grad({twin}, {logits})[0],
                        0, 1e-10));
}

TEST_CASE("long rows keep their numbers", "[supervised][ctc]") {
  const Tensor log_p = (3 * torch::randn({1, 4000, 6}, torch::kFloat64)).log_softmax(2).requires_grad_();
  Labels labels;
  for (int64_t k = 0; k < 300; ++k) labels.push_back(1 + k * k % 5);
  const Tensor loss = supervised::ctc_loss(log_p, {labels}).sum();
  CHECK(std::isfinite(loss.item<double>()));
  const Tensor occupancy = -torch::autograd::grad({loss}, {log_p})[0];
  CHECK(torch::allclose(occupancy.sum(2), torch::ones({1, 4000}, torch::kFloat64), 0,
                        1e-7));  // each frame says something
}

TEST_CASE("a wide search finds the likeliest labels, a narrow one none likelier", "[supervised][ctc]") {
  int64_t better = 0;
  for (int64_t seed = 1; seed <= 40; ++seed) {
    const Tensor log_p = 0.4 * drawn_frames(5, 3, seed),
                 plain = supervised::plain_frames(log_p.log_softmax(2));
    const auto frames = supervised::frames_of(plain, 0);
    const auto chances = enumerated(plain);
    const auto likelier = [](const auto& a, const auto& b) { return a.second < b.second; };
    const auto best = std::max_element(chances.begin(), chances.end(), likelier);
    CHECK(supervised::beam_search(frames, 1000) == best->first);
    CHECK(chances.at(supervised::beam_search(frames, 2)) <= best->second);
    better += chances.at(supervised::best_path(frames)) < 0.999 * best->second;
  }
  CHECK(better > 5);  // the most likely symbols are not the most likely labels
}

TEST_CASE("the spectrum of a tone is highest at its pitch", "[supervised][ctc]") {
  const Tensor time = torch::arange(256) / 8000.0;
  const Tensor wave = (2 * std::numbers::pi * 1000 * time).sin().unsqueeze(0);
  const Tensor spectrum = supervised::log_spectrum(wave.to(torch::kFloat32), 64, 32);
  CHECK(spectrum.sizes() == torch::IntArrayRef({1, 7, 33}));
  CHECK((spectrum.argmax(2) == 8).all().item<bool>());  // 8 of 64 samples at 8 kHz: 1 kHz
}

TEST_CASE("tones are heard in turn, on three seeds", "[supervised][ctc]") {
  for (const std::string seed : {"0", "1", "2"}) {
    INFO("seed " << seed);
    auto run = trial::session(all().at("ctc").trial, all(), {"seed=" + seed});
    const auto before = trial::grades(run);
    CHECK(before.at("test/label_error") > 0.5);
    trial::learn(run);
    const auto grades = trial::grades(run);
    CHECK(grades.at("test/label_error") < 0.1);
    CHECK(grades.at("test/beam_error") < 0.1);
    CHECK(grades.at("test/exact") > 0.85);
    const core::Gallery gallery = run.sample(3, 1);
    CHECK(gallery.pictures[0].text.find("played ") == 0);
    CHECK(gallery.pictures[1].shape ==
          std::vector<int64_t>{3, 4, 7, 1});  // the blank and three tones, seven frames
  }
}

TEST_CASE("what has no labels in a row, or too few frames for them, is refused", "[supervised][ctc]") {
  const auto says = [](const std::string& yaml) {
    return refusal([&] { trial::session("model: ctc\n" + yaml + "\ntrain: {steps: 1}\n", all()); });
  };
  CHECK(says("data: xor").find("'xor' has no waves with labels in a row") != std::string::npos);
  CHECK(says("data: {name: tones, samples: 100}").find("ctc.window: expected at most the 100 samples") !=
        std::string::npos);
  CHECK(says("data: {name: tones, most: 5, samples: 256}\nctc: {window: 128, hop: 64}")
            .find("ctc.hop: 3 frames") != std::string::npos);
}

}  // namespace tests::ctc
