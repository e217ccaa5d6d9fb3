// Observations as the environment writes them, made ready for a network in memory that is kept.
#pragma once

#include "training/torch.h"

#include <cstddef>
#include <functional>

#include "envs/space.h"
#include "training/nets/flat_mlp.h"

namespace agents {

// B rows: a Discrete space as indices [B], which enter one-hot, any other as its flat view [B, O].
class ObservationBatch {
 public:
  using Transform = std::function<void(float* observation)>;

  // `transform` changes each row [O] on the way; empty: nothing does.
  ObservationBatch(const envs::Space& space, int64_t B, Transform transform = {});

  void put(int64_t b, const std::byte* observation);  // [O] into row b
  // B observations in a row as an input: where they are already floats, in place.
  training::MlpInput of(const std::byte* observations);
  training::MlpInput input() const;
  const torch::Tensor& tensor() const { return rows_; }  // [B, O] float32 or [B] int64

 private:
  envs::Space space_;
  torch::Tensor rows_;
  Transform transform_;
};

}  // namespace agents
