// Latent variables with an encoder and a decoder. A row for each learner, in alphabetical order.
#include "generative/autoencoders/assisted_classifier.h"
#include "generative/autoencoders/autoencoder.h"
#include "generative/autoencoders/categorical_vae.h"
#include "generative/autoencoders/m2.h"
#include "generative/autoencoders/vae.h"
#include "generative/families.h"

namespace generative {

static constexpr const char* assisted_classifier_trial = R"(name: assisted_classifier_trial
seed: 0
model: assisted_classifier
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50, labelled: 100}
assisted_classifier: {code: 16, hidden: [32]}
net: {hidden: [64]}
optim: {lr: 0.005}
train: {steps: 400}
)";

static constexpr const char* categorical_vae_trial = R"(name: categorical_vae_trial
seed: 0
model: categorical_vae
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
categorical_vae: {variables: 4, categories: 8}
net: {hidden: [64]}
optim: {lr: 0.005}
train: {steps: 200}
)";

static constexpr const char* m2_trial = R"(name: m2_trial
seed: 0
model: m2
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 20, labelled: 20}
m2: {latent: 4}
net: {hidden: [64]}
optim: {lr: 0.005}
train: {steps: 200}
)";

static constexpr const char* autoencoder_trial = R"(name: autoencoder_trial
seed: 0
model: autoencoder
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
autoencoder: {code: 2, masked: 0.1}
net: {hidden: [64]}
optim: {lr: 0.005}
train: {steps: 200}
)";

static constexpr const char* vae_trial = R"(name: vae_trial
seed: 0
model: vae
data: {name: stripes, train_size: 1000, test_size: 500, batch_size: 50}
vae: {latent: 4}
net: {hidden: [64]}
optim: {lr: 0.005}
train: {steps: 200}
)";

std::vector<training::Entry> autoencoders() {
  return {
      {"assisted_classifier",
       "Classifier of few labels that sees rows, codes or reconstructions of an autoencoder of all rows",
       "Technical University of Denmark, course 02456, Deep learning",
       {"reconstruction", "classifier"},
       assisted_classifier_trial,
       training::factory<AssistedClassifier>},
      {"autoencoder",
       "Autoencoder: a code of few numbers from which a row is given back",
       "Hinton & Salakhutdinov (2006), Reducing the dimensionality of data with neural networks",
       {"reconstruction"},
       autoencoder_trial,
       training::factory<Autoencoder>,
       {"autoencoder.masked=0"}},
      {"categorical_vae",
       "Variational autoencoder with a code of categorical variables, by Gumbel-softmax or score function",
       "Jang, Gu & Poole (2017), Categorical reparameterization with Gumbel-softmax",
       {"elbo"},
       categorical_vae_trial,
       training::factory<CategoricalVae>,
       {"categorical_vae.estimator=score"}},
      {"m2",
       "M2: classes from few labels by a latent-variable model of all rows",
       "Kingma, Rezende, Mohamed & Welling (2014), Semi-supervised learning with deep generative models",
       {"bound"},
       m2_trial,
       training::factory<M2>},
      {"vae",
       "Variational autoencoder: a latent-variable model trained on a bound of the likelihood",
       "Kingma & Welling (2014), Auto-encoding variational Bayes",
       {"elbo"},
       vae_trial,
       training::factory<Vae>,
       {"vae.importance_samples=5", "vae.prior=flow"}},
  };
}

}  // namespace generative
