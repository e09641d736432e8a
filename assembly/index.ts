/**
 * The kernels that tfjs-backend-wasm lacks, beside XNNPACK on the same heap. Leaf functions only: no allocation, no data
 * segment, no state. An operation is divided into tasks; each result is computed within one task, so who computes which task,
 * and how many threads there are, changes no bit.
 */
import { convolve, ConvolutionArguments, filterGradient, inputGradient } from './convolution';
import {
  adam,
  AdamArguments,
  addBias,
  BiasArguments,
  normalise,
  NormaliseArguments,
  SumArguments,
  sumRows,
} from './elementwise';
import { packPanel, PackArguments, product, ProductArguments } from './product';
import { SpectralArguments, spectralCorrelation, spectralProduct } from './spectral-product';
import { spectrumOf, tensorOf, TransformArguments } from './spectrum';

/** Operations, in the order in which src/backends/wasm/module/operations.ts lists them. */
const enum Operation {
  packPanel,
  product,
  convolve,
  filterGradient,
  inputGradient,
  spectrumOf,
  tensorOf,
  spectralProduct,
  spectralCorrelation,
  adam,
  sumRows,
  addBias,
  normalise,
}

/**
 * Takes tasks until none is left. Every thread calls it with the same arguments but scratch memory of its own.
 *
 * @param counter address of the number of the next task, i32
 */
export function work(operation: i32, args: usize, tasks: i32, counter: usize, scratch: usize): void {
  for (let task = atomic.add<i32>(counter, 1); task < tasks; task = atomic.add<i32>(counter, 1)) {
    switch (operation) {
      case Operation.packPanel: {
        packPanel(changetype<PackArguments>(args), task);
        break;
      }
      case Operation.product: {
        product(changetype<ProductArguments>(args), task, scratch);
        break;
      }
      case Operation.convolve: {
        convolve(changetype<ConvolutionArguments>(args), task, scratch);
        break;
      }
      case Operation.filterGradient: {
        filterGradient(changetype<ConvolutionArguments>(args), task, scratch);
        break;
      }
      case Operation.inputGradient: {
        inputGradient(changetype<ConvolutionArguments>(args), task, scratch);
        break;
      }
      case Operation.spectrumOf: {
        spectrumOf(changetype<TransformArguments>(args), task, scratch);
        break;
      }
      case Operation.tensorOf: {
        tensorOf(changetype<TransformArguments>(args), task, scratch);
        break;
      }
      case Operation.spectralProduct: {
        spectralProduct(changetype<SpectralArguments>(args), task, scratch);
        break;
      }
      case Operation.spectralCorrelation: {
        spectralCorrelation(changetype<SpectralArguments>(args), task, scratch);
        break;
      }
      case Operation.adam: {
        adam(changetype<AdamArguments>(args), task);
        break;
      }
      case Operation.sumRows: {
        sumRows(changetype<SumArguments>(args), task);
        break;
      }
      case Operation.addBias: {
        addBias(changetype<BiasArguments>(args), task);
        break;
      }
      case Operation.normalise: {
        normalise(changetype<NormaliseArguments>(args), task);
        break;
      }
    }
  }
}
