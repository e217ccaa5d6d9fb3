// Denoising diffusion probabilistic model (Ho, Jain & Abbeel 2020), sampled step by step or in leaps (DDIM:
// Song, Meng & Ermon 2021): a net learns what noise was mixed into a row, and takes it away bit by bit.
#pragma once

#include "generative/diffusion/diffusion_model.h"
#include "generative/diffusion/noise_schedule.h"

namespace generative {

class Ddpm : public training::Learner {
 public:
  struct ModelOptions {
    int64_t steps = 1000;
    std::string schedule = "cosine", predict = "eps";
    std::optional<int64_t> sample_steps;
    double eta = 1;
    DiffusionModel::Options model;

    void fields(core::Fields& f);
  };
  struct Options {
    ModelOptions ddpm;
    DenoiserOptions net;
    training::data::Options data;

    void fields(core::Fields& f);
  };

  explicit Ddpm(const Options& options)
      : options_(options), schedule_(options.ddpm.schedule, options.ddpm.steps) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override { model_.step(step, loss()); }
  void evaluate(training::Eval& eval) override { model_.evaluate(eval, loss(), draw()); }
  void sample(core::Gallery& gallery) override { model_.sample(gallery, draw()); }

 private:
  DiffusionModel::Loss loss();
  DiffusionModel::Draw draw();

  bool predicts_velocity() const { return options_.ddpm.predict == "v"; }
  double time(int64_t t) const { return double(t + 1) / double(schedule_.steps()); }  // what the net is told

  Options options_;
  NoiseSchedule schedule_;
  DiffusionModel model_;
};

}  // namespace generative
