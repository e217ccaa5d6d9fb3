// Trainings of seconds that go wrong are told so at their end and in the report, and are resumed.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;
using Catch::Matchers::ContainsSubstring;

namespace {

// Moons, and a net of its own.
Output trained(const Scratch& scratch, const std::string& words, const std::string& out = "run") {
  return shell("cd " + scratch.str() + " && atelier run moons_mlp --out " + out + " " + words);
}

}  // namespace

TEST_CASE("a net of many weights on few rows is told of overfitting", "[commands][diagnosis]") {
  const Scratch scratch;
  const std::string few =
      "data.train_size=40 data.test_size=500 data.noise=0.5 data.batch_size=20 train.steps=800 eval.every=50 "
      "net.hidden='[128]' optim.lr=0.01";
  const Output run = trained(scratch, few);
  INFO(run.text);
  CHECK(run.code == 0);
  CHECK_THAT(run.text, ContainsSubstring("diagnosis: overfitting: valid/loss was least"));
  const Output report = shell("cd " + scratch.str() + " && atelier report run");
  CHECK_THAT(report.text, ContainsSubstring("seed 0: overfitting: valid/loss was least"));
}

TEST_CASE("layers are looked at: dead units and gradients that vanish are told, and drawn",
          "[commands][diagnosis]") {
  const Scratch scratch;
  const Output dead = trained(scratch,
                              "net.hidden='[32, 32]' net.activation=relu optim.algorithm=sgd optim.lr=20 "
                              "train.steps=200 log.layers=10",
                              "dead");
  INFO(dead.text);
  CHECK_THAT(dead.text, ContainsSubstring("diagnosis: dead units: "));
  const Output deep = trained(
      scratch,
      "net.hidden='[16, 16, 16, 16, 16, 16, 16, 16]' net.activation=sigmoid train.steps=40 log.layers=10",
      "deep");
  INFO(deep.text);
  CHECK_THAT(deep.text, ContainsSubstring("diagnosis: gradients vanish on their way: net.hidden_"));
  const Output report = shell("cd " + scratch.str() + " && atelier report dead --out r.html && cat r.html");
  CHECK_THAT(report.text, ContainsSubstring("layer.net.hidden_1/output_deviation"));
  CHECK_THAT(report.text, !ContainsSubstring("share_01"));
  CHECK_THAT(report.text, ContainsSubstring("Share of each layer&#39;s gradient") ||
                              ContainsSubstring("Share of each layer's gradient"));
  CHECK(shell("cd " + scratch.str() + " && atelier verify deep && atelier diff deep deep").code == 0);
}

TEST_CASE("a mixture that a GAN has met few modes of is told so", "[commands][diagnosis]") {
  const Scratch scratch;
  const Output run = shell("cd " + scratch.str() +
                           " && atelier run gaussians_gan --out run gan.gradient_penalty=0 data.noise=0.3 "
                           "train.steps=60 eval.every='{steps: 30}' data.train_size=2000 data.test_size=500 "
                           "record.every='{steps: 1000}'");
  INFO(run.text);
  CHECK_THAT(run.text, ContainsSubstring("diagnosis: mode collapse: the samples meet "));
}

TEST_CASE("a VAE whose code costs too much is told of its posterior's collapse", "[commands][diagnosis]") {
  const Scratch scratch;
  scratch.write("vae.yaml",
                "model: vae\ndata: {name: stripes, train_size: 200, test_size: 50}\nvae: {latent: 4}\n"
                "net: {hidden: [32]}\ntrain: {steps: 60}\neval: {every: {steps: 20}}\n"
                "record: {n: 16, every: {steps: 60}}\n");
  const std::string run = "cd " + scratch.str() + " && atelier run vae.yaml --out run --force vae.beta=";
  const Output dear = shell(run + "200"), fair = shell(run + "1");
  INFO(dear.text << fair.text);
  CHECK_THAT(dear.text, ContainsSubstring("diagnosis: posterior collapse: 0 of 4 latent dimensions"));
  CHECK_THAT(fair.text, !ContainsSubstring("diagnosis"));
}
