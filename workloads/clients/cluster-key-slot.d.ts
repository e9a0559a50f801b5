/** The package brings no types. */
declare module "cluster-key-slot" {
  /** Hash slot of a key, 0 to 16383: CRC16 of the key, or of its hash tag. */
  export default function calculateSlot(key: string): number;
}
