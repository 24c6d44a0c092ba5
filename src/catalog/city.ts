import { ApiProperty } from '@nestjs/swagger';

/** A place with 1,000 inhabitants or more. */
export class City {
  @ApiProperty({ example: 2761369, description: 'GeoNames id' })
  id: number;

  @ApiProperty({ example: 'Vienna' })
  name: string;

  @ApiProperty({ example: 'AT', description: 'ISO 3166-1 alpha-2' })
  country: string;

  @ApiProperty({ example: 1691468 })
  population: number;

  @ApiProperty({ example: 48.20849, description: 'degrees' })
  latitude: number;

  @ApiProperty({ example: 16.37208, description: 'degrees' })
  longitude: number;
}

export class NearbyCity extends City {
  @ApiProperty({ example: 55.24, description: 'great-circle distance in kilometres' })
  distance_km: number;
}

export class CountryStatistics {
  @ApiProperty({ example: 'AT' })
  country: string;

  @ApiProperty({ example: 2119, description: 'places of 1,000 inhabitants or more' })
  cities: number;

  @ApiProperty({ example: 8091219, description: 'of all those places together' })
  population: number;

  @ApiProperty({ example: 3818 })
  mean_population: number;

  @ApiProperty({ example: 1833 })
  median_population: number;

  @ApiProperty({ type: [City], description: 'the five largest' })
  largest: City[];
}
