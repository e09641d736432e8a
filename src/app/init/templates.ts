/**
 * A deck to start from: the first net of many tutorials, with five printed numbers of which one is wrong.
 *
 * @param schema path of the JSON Schema from the folder of the deck
 */
export function deckTemplate(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# A deck: the numbers that a page prints, and what they are about.
#   npx cnnbench deck check deck.yaml             what is understood, and what it costs to run
#   npx cnnbench run deck.yaml                    runs it; counts are judged at once
#   npx cnnbench run deck.yaml --profile full     trains the whole recipe, so that accuracies are judged, too
schemaVersion: 1
deck: my-lecture # starts the names of its claims and experiments
like: keras # or pytorch: whose defaults hold for what the page leaves out
cite:
  title: "My lecture, part 1"
  url: "https://example.org/my-lecture"
  date: 2026-10-12

models:
  mlp:
    input: [28, 28, 1] # height, width, channels
    layers:
      - flatten
      - dense: { units: 128, activation: relu } # dense1 to the claims
      - dense: { units: 10, activation: softmax } # dense2

experiments:
  mlp-on-fashion-mnist:
    data: fashion-mnist
    model: mlp
    recipe: { optimizer: { adam: 0.001 }, batch: 128, epochs: 5 }
    unstated: [batch] # the page does not say: shown with every verdict

claims:
  # "printed" stands in quotes, digit for digit: its digits decide which values are still right.
  - id: parameters
    place: slide 3
    printed: "101,770"
    count: { model: mlp, what: parameters }
  - id: hidden-layer
    place: slide 3
    printed: "100,480"
    count: { model: mlp, layer: dense1, what: parameters }
  - id: last-layer
    place: slide 4
    printed: "1,280" # wrong: the biases were forgotten
    count: { model: mlp, layer: dense2, what: parameters }
  - id: training-images
    place: slide 1
    printed: "60,000"
    data: { set: fashion-mnist, what: training-images }
  - id: accuracy
    place: slide 5
    printed: "~87%"
    accuracy: mlp-on-fashion-mnist
`;
}

/** A workflow of GitHub Actions that keeps the printed numbers true. */
export function workflowTemplate(version: string): string {
  return `name: printed numbers
on: [push, pull_request]
jobs:
  cnnbench:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      # Fails where a number does not hold. "--profile full" judges accuracies, too, and takes as long as the trainings.
      - run: npx --yes cnnbench@${version} run deck.yaml --backend wasm --out cnnbench-run --gate
      - uses: actions/upload-artifact@v4
        if: always()
        with: { name: cnnbench-run, path: cnnbench-run }
`;
}
