// What a net sees of an observation, by its Space: vectors and choices as they are, pictures and grids of
// symbols through convolutions, the parts of a Dict each in its own way and then joined.
#pragma once

#include "training/torch.h"

#include <array>
#include <string>
#include <vector>

#include "agents/impala.h"
#include "core/options.h"
#include "envs/space.h"

namespace agents {

// How pictures and grids are seen: "flat" (no convolutions), "small" (3 x 3, 16 and 32 channels), "nature"
// (Mnih et al. 2015), "impala" (Espeholt et al. 2018), "auto": nature for pictures of 36 pixels a side and
// more, small for smaller ones and for grids of symbols, flat for all that is neither.
const std::vector<std::string>& encoders();
// What "auto" stands for where this is seen; Error where the one asked for does not fit.
std::string encoder_of(const std::string& asked, const envs::Space& seen);

struct EncoderOptions {
  std::string name = "auto";
  int64_t embedding = 0;  // a symbol of a grid becomes so many learned numbers; 0: it enters one-hot
  bool center = false;    // pictures less their own mean brightness, so that a plain ground is nearly 0

  void fields(core::Fields& f);
};

// [B, O], a Space's flat view, or [B] indices -> [B, features()]. Weights begin orthogonal, biases as 0.
class EncoderImpl : public torch::nn::Module {
 public:
  EncoderImpl(const envs::Space& seen, const EncoderOptions& options);

  torch::Tensor forward(const torch::Tensor& rows);
  int64_t features() const { return features_; }

 private:
  // One part of the row, `width` numbers wide.
  struct Part {
    int64_t width;
    std::array<int64_t, 3> picture{};  // C, H, W; zeros: as it is
    int64_t symbols = 0;               // of a grid: each number is one of so many
    double scale = 1;                  // of its numbers else, so that they end at 1
    int64_t stack = 1;                 // pictures one after the other, whose channels are joined
    std::vector<torch::nn::Conv2d> convolutions = {};
    Impala impala{nullptr};                   // in place of them
    torch::nn::Embedding embedding{nullptr};  // [C * symbols, D]: of each channel's symbols their own

    bool is_flat() const { return convolutions.empty() && !impala; }
  };
  void add(const std::string& name, const envs::Space& seen, const std::string& encoder);
  void add_convolutions(const std::string& name, Part& part, bool nature);
  void add_impala(const std::string& name, Part& part);
  torch::Tensor symbols_seen(Part& part, const torch::Tensor& x) const;
  torch::Tensor see(Part& part, const torch::Tensor& rows) const;

  int64_t indices_ = 0;  // of a Discrete observation; 0: it is none
  int64_t features_ = 0;
  EncoderOptions options_;
  std::vector<Part> parts_;
};
TORCH_MODULE(Encoder);

}  // namespace agents
