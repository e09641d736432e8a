/** Replaces a property of an object other code reads; the function returned puts it back exactly as it was. */
export function replaceProperty(object: object, key: string, descriptor: PropertyDescriptor): () => void {
  const original = Object.getOwnPropertyDescriptor(object, key);
  Object.defineProperty(object, key, { ...descriptor, configurable: true });
  return () => {
    if (original === undefined) Reflect.deleteProperty(object, key);
    else Object.defineProperty(object, key, original);
  };
}

const EVENTS = ['uncaughtException', 'unhandledRejection'];

/** Remembers who listens for errors nobody caught; the function returned removes those who came since. */
export function removeNewListeners(): () => void {
  const before = new Map(EVENTS.map((event) => [event, process.listeners(event as 'uncaughtException')]));
  return () => {
    for (const [event, known] of before) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!known.includes(listener)) process.removeListener(event, listener);
      }
    }
  };
}
