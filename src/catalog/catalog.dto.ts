import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, Length, Matches, Max, Min, ValidateIf } from 'class-validator';

const MAX_LIMIT = 100;
/** Half of the Earth's circumference: no two places are further apart. */
const MAX_RADIUS_KM = 20_038;
const MAX_POPULATION = 2_000_000_000;

const upperCase = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.toUpperCase() : value);

/**
 * An id in one spelling only. Cache keys and tags are made of the path as it was sent, so `/cities/016` must not be
 * another name of `/cities/16` that an eviction of `city:16` would miss.
 */
const decimalId = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : value;

class LimitQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: MAX_LIMIT, default: 20 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  limit = 20;
}

export class SearchQuery extends LimitQuery {
  @ApiProperty({ example: 'burg', description: 'part of the name, 2 to 100 characters' })
  @IsString()
  @Length(2, 100)
  search: string;

  @ApiPropertyOptional({ example: 'AT', description: 'ISO 3166-1 alpha-2' })
  @IsOptional()
  @Transform(upperCase)
  @Matches(/^[A-Z]{2}$/, { message: 'country must be two letters, such as AT' })
  country?: string;
}

export class NearbyQuery extends LimitQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: MAX_RADIUS_KM, default: 50, description: 'kilometres' })
  @Type(() => Number)
  @IsNumber()
  @Min(1)
  @Max(MAX_RADIUS_KM)
  radius = 50;

  @ApiPropertyOptional({
    enum: ['distance', 'population'],
    default: 'distance',
    description: 'nearest or largest first',
  })
  @IsIn(['distance', 'population'])
  sort: 'distance' | 'population' = 'distance';
}

export class CityPath {
  @ApiProperty({ example: 2761369, description: 'GeoNames id' })
  @Transform(decimalId)
  @IsInt({ message: 'id must be a whole number > 0 in decimal digits' })
  id: number;
}

export class CountryPath {
  @ApiProperty({ example: 'AT', description: 'ISO 3166-1 alpha-2' })
  @Transform(upperCase)
  @Matches(/^[A-Z]{2}$/, { message: 'code must be two letters, such as AT' })
  code: string;
}

/** What may be changed of a city; one of the two at least. */
export class CityChanges {
  @ApiPropertyOptional({ example: 'Wien', minLength: 1, maxLength: 200 })
  @ValidateIf((changes: CityChanges) => changes.name !== undefined)
  @IsString()
  @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({ example: 2_005_760, minimum: 0, maximum: MAX_POPULATION })
  @ValidateIf((changes: CityChanges) => changes.population !== undefined)
  @IsInt()
  @Min(0)
  @Max(MAX_POPULATION)
  population?: number;
}
