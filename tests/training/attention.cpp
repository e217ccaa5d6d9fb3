// Attention by hand against tensor operations.
#include "training/nets/attention.h"

#include "tests/catch.h"
#include "training/nets/transformer.h"

using namespace training;
using torch::Tensor;

static double largest(const Tensor& difference) { return difference.abs().max().item<double>(); }

TEST_CASE("native attention and its gradient are those of tensor operations", "[training][nets]") {
  torch::manual_seed(1);
  for (const auto& [B, T, D, heads] :
       std::vector<std::array<int64_t, 4>>{{3, 7, 24, 2}, {2, 64, 128, 4}, {1, 1, 8, 1}, {2, 33, 10, 5}}) {
    INFO(B << " " << T << " " << D << " " << heads);
    const Tensor x = torch::randn({B, T, 3 * D}).requires_grad_(), y = x.detach().clone().requires_grad_();
    const Tensor slope = torch::randn({B, T, D});
    const Tensor native = causal_attention(x, heads), twin = causal_attention_twin(y, heads);
    CHECK(largest(native - twin) < 1e-5);
    native.backward(slope);
    twin.backward(slope);
    CHECK(largest(x.grad() - y.grad()) < 1e-5);
  }
}

TEST_CASE("a sequence is attended to with the same bits in any batch", "[training][nets]") {
  torch::manual_seed(5);
  const torch::NoGradGuard no_grad;
  const Tensor x = torch::randn({70, 11, 3 * 24});
  for (int64_t B = 1; B <= 70; ++B) {
    const Tensor together = causal_attention(x.narrow(0, 0, B), 2);
    for (const int64_t b : {int64_t{0}, B / 2, B - 1})
      CHECK(torch::equal(together.narrow(0, b, 1), causal_attention(x.narrow(0, b, 1).contiguous(), 2)));
  }
}

TEST_CASE("attention weighs by the softmax of scaled products", "[training][nets]") {
  const Tensor qkv = torch::tensor({{{1.0f, 2.0f, 5.0f}, {3.0f, -1.0f, 7.0f}}});  // one head, one number wide
  const Tensor out = causal_attention(qkv, 1);
  CHECK(out[0][0][0].item<double>() == 5);
  const double earlier = 1 / (1 + std::exp(-3.0 - 6.0));  // scores 6 and -3
  CHECK(out[0][1][0].item<double>() == Approx(5 * earlier + 7 * (1 - earlier)));
}

TEST_CASE("a transformer that goes on after what it has seen computes the same logits", "[training][nets]") {
  torch::manual_seed(2);
  Transformer net("net", 11, 16, TransformerOptions{.layers = 3, .heads = 2, .width = 16});
  for (Tensor& weight : net->parameters()) weight.data().add_(0.2 * torch::randn_like(weight));
  const torch::NoGradGuard no_grad;
  const Tensor tokens = torch::randint(0, 11, {2, 16}, torch::kInt64), whole = net->forward(tokens);
  TransformerCache cache;
  std::vector<Tensor> parts{net->forward(tokens.slice(1, 0, 5), cache)};  // several at once, then one by one
  for (int64_t t = 5; t < 16; ++t) parts.push_back(net->forward(tokens.slice(1, t, t + 1), cache));
  CHECK(cache.length == 16);
  CHECK(largest(torch::cat(parts, 1) - whole) < 1e-5);
}

TEST_CASE("attention is shown as shares of what came before, and is what the first layer adds",
          "[training][nets]") {
  torch::manual_seed(3);
  Transformer net("net", 11, 16, TransformerOptions{.layers = 2, .heads = 2, .width = 16});
  const torch::NoGradGuard no_grad;
  for (Tensor& weight : net->parameters()) weight.add_(0.2 * torch::randn_like(weight));
  const auto maps = net->attention(torch::randint(0, 11, {3, 9}, torch::kInt64));
  REQUIRE(maps.size() == 2);
  for (const Tensor& map : maps) {
    CHECK(map.sizes() == std::vector<int64_t>{3, 2, 9, 9});
    CHECK(largest(map.sum(3) - 1) < 1e-6);
    CHECK(torch::equal(map, map.tril()));
  }
  torch::manual_seed(4);
  CausalAttention attention(8, 2, 1, 1);
  const Tensor x = torch::randn({1, 5, 8}), qkv = torch::linear(x, attention->parameters()[0]);
  const Tensor values = qkv.slice(2, 16).view({1, 5, 2, 4}).transpose(1, 2);  // [B, H, T, D / H]
  const Tensor joined = attention->weights(x).matmul(values).transpose(1, 2).flatten(2);
  CHECK(largest(torch::linear(joined, attention->parameters()[1]) - attention->forward(x)) < 1e-5);
}

TEST_CASE("GPT's first weights are as its paper says, and decay leaves norms alone", "[training][nets]") {
  torch::manual_seed(3);
  Transformer net("net", 200, 64, TransformerOptions{.layers = 2, .heads = 4, .width = 128});
  const auto deviation = [&](const std::string& name) {
    return net->named_parameters()[name].std().item<double>();
  };
  CHECK(deviation("symbols") == Approx(0.02).epsilon(0.02));
  CHECK(deviation("block_1.attention.qkv") == Approx(0.02).epsilon(0.02));
  CHECK(deviation("block_2.attention.out") == Approx(0.01).epsilon(0.02));
  CHECK(deviation("block_2.down") == Approx(0.01).epsilon(0.02));
  CHECK(net->named_parameters()["norm"].dim() == 1);
}
