// From waves to labels without their places: a spectrum of each frame, recurrent layers from both ends
// (Graves & Schmidhuber 2005), and connectionist temporal classification (Graves et al. 2006), loss -ln
// p(labels | wave).
#pragma once

#include "training/torch.h"

#include <memory>
#include <string>
#include <vector>

#include "supervised/sequence/ctc_alignments.h"
#include "training/data/all.h"
#include "training/loop/learner.h"
#include "training/nets/recurrent.h"

namespace supervised {

struct FrameOptions {
  int64_t window = 128, hop = 32;  // samples
  int64_t beam = 8;
  bool bidirectional = true;

  void fields(core::Fields& f);
};

// Waves [B, L] in frames of `window` samples, `hop` apart, each swelling and fading (Hann), as the logarithm
// of its power at each frequency: [B, T, window / 2 + 1].
torch::Tensor log_spectrum(const torch::Tensor& waves, int64_t window, int64_t hop);

class FrameNetImpl : public torch::nn::Module {
 public:
  FrameNetImpl(int64_t symbols, const FrameOptions& frames, const training::RecurrentOptions& options);
  torch::Tensor forward(const torch::Tensor& waves);  // [B, L] -> log probabilities [B, T, symbols]

 private:
  FrameOptions frames_;
  training::Recurrent forwards_{nullptr}, backwards_{nullptr};
  torch::nn::Linear output_{nullptr};
};
TORCH_MODULE(FrameNet);

class Ctc : public training::Learner {
 public:
  struct Options {
    FrameOptions ctc;
    training::RecurrentOptions net{.cell = "gru", .width = 32};
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit Ctc(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  struct Sums;
  void grade(Sums& sums, const training::Batch& batch);
  std::string spelled(const Labels& labels) const;

  Options options_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  FrameNet net_{nullptr};
};

}  // namespace supervised
