#include "agents/encoder.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "training/nets/init.h"
#include "training/nets/layout.h"

namespace agents {

using envs::Space;

const std::vector<std::string>& encoders() {
  static const std::vector<std::string> names{"auto", "flat", "impala", "nature", "small"};
  return names;
}

void EncoderOptions::fields(core::Fields& f) {
  f.choice(
      "encoder", name,
      "What sees pictures and grids of symbols: nature (Mnih et al. 2015), impala (residual, Espeholt et al. "
      "2018) or small convolutions, or flat: the hidden layers; auto: nature from 36 pixels a side on, small "
      "below and for grids",
      encoders());
  f.add("embedding", embedding,
        "A symbol of a grid becomes so many learned numbers before the convolutions; 0: it enters one-hot",
        {.min = 0, .max = 1024});
  f.add("center", center,
        "Pictures enter less their own mean brightness, so that a plain bright ground counts little");
}

// Bytes in rows and columns: pictures, or grids of symbols.
static bool is_picture(const Space& seen) {
  return seen.kind == Space::Kind::box && seen.dtype == envs::Dtype::uint8 && seen.shape.size() >= 3;
}

static bool is_seen_by_convolutions(const Space& seen) {
  if (is_picture(seen)) return true;
  return std::any_of(seen.parts.begin(), seen.parts.end(),
                     [](const auto& part) { return is_picture(part.space); });
}

// Symbols are few; brightness goes to 255.
static bool is_grid(const Space& seen) { return seen.high.at(0) < 128; }

// Rows and columns, behind a stack of frames where there is one.
static int64_t side(const Space& seen, size_t axis) { return seen.shape[seen.shape.size() - 3 + axis]; }

std::string encoder_of(const std::string& asked, const Space& seen) {
  if (asked != "auto") {
    core::check(asked == "flat" || is_seen_by_convolutions(seen),
                "net.encoder: {} needs pictures or grids of bytes, found {}", asked, seen.str());
    return asked;
  }
  if (!is_seen_by_convolutions(seen)) return "flat";
  const bool large = is_picture(seen) && !is_grid(seen) && std::min(side(seen, 0), side(seen, 1)) >= 36;
  return large ? "nature" : "small";
}

EncoderImpl::EncoderImpl(const Space& seen, const EncoderOptions& options) : options_(options) {
  const std::string encoder = encoder_of(options.name, seen);
  if (seen.is_discrete()) indices_ = seen.n[0];
  if (seen.parts.empty()) add("conv", seen, encoder);
  for (const auto& [name, space] : seen.parts) add(name, space, encoder);
}

void EncoderImpl::add(const std::string& name, const Space& seen, const std::string& encoder) {
  Part part{.width = seen.net_width()};
  if (encoder == "flat" || !is_picture(seen)) {
    features_ += part.width;
  } else {
    const int64_t frames = part.width / (side(seen, 0) * side(seen, 1) * side(seen, 2));
    part.stack = frames;
    part.symbols = is_grid(seen) && seen.high[0] > 1 ? static_cast<int64_t>(seen.high[0]) + 1 : 0;
    part.scale = 1 / static_cast<double>(seen.high[0]);
    const int64_t depth =
        part.symbols > 0 && options_.embedding > 0 ? options_.embedding : std::max<int64_t>(part.symbols, 1);
    part.picture = {side(seen, 2) * frames * depth, side(seen, 0), side(seen, 1)};
    if (part.symbols > 0 && options_.embedding > 0)
      part.embedding = register_module(
          name + "_symbols", torch::nn::Embedding(side(seen, 2) * part.symbols, options_.embedding));
    if (encoder == "impala")
      add_impala(name, part);
    else
      add_convolutions(name, part, encoder == "nature");
  }
  parts_.push_back(part);
}

struct Convolution {
  int64_t channels, kernel, stride;
};

// NatureCNN's layers (Mnih et al. 2015), or two small ones.
static std::vector<Convolution> layers_of(bool nature) {
  if (nature) return {{32, 8, 4}, {64, 4, 2}, {64, 3, 1}};
  return {{16, 3, 1}, {32, 3, 1}};
}

void EncoderImpl::add_convolutions(const std::string& name, Part& part, bool nature) {
  auto [channels, height, width] = part.picture;
  for (const Convolution& layer : layers_of(nature)) {
    const auto options =
        torch::nn::Conv2dOptions(channels, layer.channels, layer.kernel).stride(layer.stride);
    part.convolutions.emplace_back(options);
    auto& convolution = part.convolutions.back();
    training::initialise(convolution->weight, convolution->bias, "orthogonal", std::sqrt(2.0));
    register_module(name + "_" + std::to_string(part.convolutions.size()), convolution);
    height = (height - layer.kernel) / layer.stride + 1;
    width = (width - layer.kernel) / layer.stride + 1;
    core::check(height > 0 && width > 0,
                "net.encoder: pictures of {} x {} are too small for these convolutions", part.picture[1],
                part.picture[2]);
    channels = layer.channels;
  }
  features_ += channels * height * width;
}

void EncoderImpl::add_impala(const std::string& name, Part& part) {
  part.impala = register_module(name + "_impala", Impala(part.picture[0]));
  features_ += ImpalaImpl::features(part.picture[1], part.picture[2]);
}

// x [..., C] -> [..., C * D]: each symbol one-hot or as it was learned.
torch::Tensor EncoderImpl::symbols_seen(Part& part, const torch::Tensor& x) const {
  const torch::Tensor symbols = x.to(torch::kInt64);
  if (!part.embedding) return torch::one_hot(symbols, part.symbols).to(torch::kFloat32).flatten(-2);
  const torch::Tensor first = torch::arange(x.size(-1), symbols.options()) * part.symbols;
  return part.embedding->forward(symbols + first).flatten(-2);
}

// rows [B, width] -> [B, features of the part].
torch::Tensor EncoderImpl::see(Part& part, const torch::Tensor& rows) const {
  if (part.is_flat()) return rows;
  const auto [C, H, W] = part.picture;
  torch::Tensor x = rows.reshape({rows.size(0), part.stack, H, W, -1});
  x = part.symbols > 0 ? symbols_seen(part, x) : x * part.scale;
  if (options_.center && part.symbols == 0) x = x - x.mean({1, 2, 3, 4}, true);
  x = x.permute({0, 1, 4, 2, 3}).reshape({rows.size(0), C, H, W});
  x = training::row_by_row(x);
  if (part.impala) return part.impala->forward(x).flatten(1);
  for (auto& convolution : part.convolutions) x = torch::relu(convolution->forward(x));
  return x.flatten(1);
}

torch::Tensor EncoderImpl::forward(const torch::Tensor& rows) {
  if (indices_ > 0) return torch::one_hot(rows, indices_).to(torch::kFloat32);
  std::vector<torch::Tensor> seen;
  int64_t first = 0;
  for (Part& part : parts_) {
    seen.push_back(see(part, rows.narrow(1, first, part.width)));
    first += part.width;
  }
  return seen.size() == 1 ? seen[0] : torch::cat(seen, 1);
}

}  // namespace agents
