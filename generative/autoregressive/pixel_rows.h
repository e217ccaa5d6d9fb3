// What models share that give each number of a row, black or white, a chance by those before it alone:
// p(x) = prod_d p(x_d | x_1 .. x_{d-1}) (van den Oord, Kalchbrenner & Kavukcuoglu 2016, Pixel recurrent
// neural networks, equation 1): data, loss, likelihood, pictures. Nats per row; the likelihood is exact.
#pragma once

#include "training/torch.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/options.h"
#include "training/data/all.h"
#include "training/loop/learner.h"

namespace generative {

// Number d of every row, [B] of 0 and 1, by its log-odds [B].
using DrawNumber = std::function<torch::Tensor(int64_t d, const torch::Tensor& log_odds)>;

// A net as its rows see it.
struct PixelNet {
  torch::nn::Module* module = nullptr;
  // x [B, D] of 0 .. 1 -> [B, D], each by the numbers before it alone.
  std::function<torch::Tensor(const torch::Tensor& x)> log_odds;
  // Fills x [B, D] from number `first` on, in order, each by what `draw` makes of its log-odds.
  std::function<void(torch::Tensor x, int64_t first, const DrawNumber& draw)> go_on;
};

class PixelRows {
 public:
  struct Options {
    std::string binarise = "dynamic";

    void fields(core::Fields& f);
  };

  // Loads what is learned from. Error, which names `learner`, where that is no rows of numbers in 0 .. 1.
  void load(training::Build& build, const Options& options, const training::data::Options& data,
            const std::string& learner);
  const std::vector<int64_t>& shape() const { return shape_; }  // of one row: [C, H, W] of pictures
  int64_t width() const;                                        // D

  // `rows_at_once` are evaluated together.
  void register_net(training::Build& build, PixelNet net, int64_t rows_at_once);
  void step(training::Step& step);
  void evaluate(training::Eval& eval);
  void sample(core::Gallery& gallery);

  // As the net is shown them, [B, D]: each grey value drawn anew as black or white.
  torch::Tensor observe(const torch::Tensor& inputs, const torch::Generator& noise) const;
  torch::Tensor log_prob(const torch::Tensor& x) const;  // [B, D] of 0 and 1 -> [B]
  // Goes on with x from number `first` on; temperature 1: as learned, 0: always the likelier.
  void draw(const torch::Tensor& x, int64_t first, double temperature, const torch::Generator& noise) const;

 private:
  void show(core::Gallery& gallery, const std::string& name, const std::string& sentence,
            const torch::Tensor& x, int64_t columns) const;
  void show_completions(core::Gallery& gallery, double temperature, const torch::Generator& noise) const;

  Options options_;
  PixelNet net_;
  torch::Device device_ = torch::kCPU;
  training::data::Data data_;
  std::unique_ptr<training::Source> source_;
  std::vector<int64_t> shape_;
  int64_t rows_at_once_ = 1;
  torch::Generator binarise_;
};

}  // namespace generative
